// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

func room(
    _ name: String, imports: [Target.Dependency] = [], exclude: [String] = [],
    resources: [Resource] = []
) -> Target {
    .target(
        name: name, dependencies: imports, exclude: exclude, resources: resources,
        swiftSettings: settings)
}

func tests(of name: String, imports: [Target.Dependency] = [], resources: [Resource] = []) -> Target
{
    .testTarget(
        name: "\(name)Tests", dependencies: [.byName(name: name)] + imports,
        resources: resources, swiftSettings: settings)
}

let argumentParser = Target.Dependency.product(
    name: "ArgumentParser", package: "swift-argument-parser")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")

let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let httpParts = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let httpParser = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let httpCodec = Target.Dependency.product(
    name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras")
let nio = Target.Dependency.product(name: "NIOCore", package: "swift-nio")

let package = Package(
    name: "peerless",
    products: [.executable(name: "peerless", targets: ["peerless"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.34.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(
            url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0", traits: []),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
        .package(url: "https://github.com/ordo-one/TextTable", from: "0.0.2"),
    ],
    targets: [
        .systemLibrary(name: "CZeroMQ"),
        .systemLibrary(name: "COneDNN"),
        .systemLibrary(name: "COpenBLAS"),
        .systemLibrary(name: "CZlib"),
        .systemLibrary(name: "CSharedMemory"),
        room("ZeroMQ", imports: ["CZeroMQ"]),
        room("SharedMemory", imports: ["CSharedMemory"]),
        room("Wire"),
        .target(name: "CKernels"),
        room("Kernels", imports: ["CKernels"]),
        room("Sketching", imports: ["CKernels", "Kernels"]),
        room("NeuralNetwork", imports: ["COneDNN", "COpenBLAS", "Kernels"]),
        room(
            "Datasets", imports: ["CZlib"], exclude: ["Resources/ATTRIBUTION.md"],
            resources: [.embedInCode("Resources/digits.csv.gz")]),
        room("Membership", imports: ["Wire"]),
        room("Collectives", imports: ["Kernels", "Wire"]),
        room("Compression", imports: ["Collectives", "Kernels", "Sketching"]),
        room("Checkpoints", imports: ["Sketching"]),
        room("Experiment", imports: [.product(name: "Yams", package: "Yams")]),
        room("RunStore", imports: [grdb]),
        room("Statistics"),
        room("Judging", imports: ["Statistics"]),
        room("Charts"),
        room(
            "Reporting",
            imports: [
                "Charts", "Judging", "RunStore", "Statistics", "Wire",
                .product(name: "TextTable", package: "TextTable"),
            ]),
        room(
            "Dashboard",
            imports: [
                "Reporting", "RunStore", httpCodec, httpParser, httpParts, httpTypes, hummingbird,
                hummingbirdCore,
                logging, nio,
            ]),
        room("Simulation", imports: ["Collectives", "Experiment", "Membership", "Wire"]),
        room(
            "Cluster",
            imports: [
                "ZeroMQ", "SharedMemory", "Wire", "Membership", "Kernels", "Sketching",
                "NeuralNetwork", "Datasets", "Collectives", "Compression", "Checkpoints",
                "Experiment", "RunStore", logging,
            ]),
        room(
            "Advice",
            imports: ["Cluster", "Experiment", "Reporting", "RunStore", "Simulation", "Statistics"]
        ),
        .executableTarget(
            name: "peerless",
            dependencies: [
                "Advice", "Charts", "Cluster", "Collectives", "Dashboard", "Judging", "Membership",
                "Simulation", "Reporting", "RunStore", "Experiment", "Kernels", "Sketching",
                "NeuralNetwork", "Wire",
                argumentParser, logging,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "DocumentationTests",
            dependencies: [
                "Collectives", "Compression", "Experiment", "Simulation", "Sketching", "Wire",
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: settings),
        tests(of: "Wire"),
        tests(of: "Collectives", imports: ["Simulation", "Wire"]),
        tests(of: "Membership", imports: ["Wire"]),
        tests(of: "ZeroMQ"),
        tests(of: "Kernels"),
        tests(of: "SharedMemory"),
        .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
        tests(of: "Sketching", imports: ["CAllocationCounter", "Kernels"]),
        tests(
            of: "Simulation",
            imports: ["Collectives", "Experiment", "Membership", "RunStore", "Wire"]),
        tests(of: "Compression", imports: ["Simulation", "Collectives", "Sketching"]),
        tests(of: "Checkpoints", imports: ["Sketching"]),
        tests(of: "NeuralNetwork", resources: [.copy("Golden")]),
        tests(of: "Datasets"),
        tests(
            of: "Advice",
            imports: ["Cluster", "Experiment", "Reporting", "RunStore", "Simulation"]),
        tests(of: "Experiment"),
        tests(
            of: "Cluster",
            imports: [
                "Collectives", "Experiment", "Membership", "RunStore", "Simulation", "Wire",
                "ZeroMQ",
            ]),
        .target(name: "Browsing", path: "Tests/Browsing", swiftSettings: settings),
        tests(of: "peerless", imports: ["Browsing", "RunStore", "Wire", "ZeroMQ", grdb]),
        tests(of: "RunStore", resources: [.copy("Released")]),
        .target(
            name: "Fuzzing",
            dependencies: [
                "Checkpoints", "Cluster", "Collectives", "Compression", "CZlib", "Datasets",
                "Experiment", "Membership", "Reporting", "RunStore", "SharedMemory", "Simulation",
                "Sketching", "Wire", "ZeroMQ", grdb,
            ],
            path: "Tests/Fuzzing", swiftSettings: settings),
        .executableTarget(
            name: "peerless-fuzz", dependencies: ["Fuzzing", "SharedMemory", argumentParser],
            path: "Tests/FuzzProgram", swiftSettings: settings),
        tests(of: "Fuzzing"),
        tests(of: "Statistics", resources: [.copy("Published")]),
        tests(of: "Judging", imports: ["Statistics"]),
        tests(of: "Charts"),
        tests(of: "Dashboard", imports: ["Browsing", "RunStore", logging]),
        tests(
            of: "Reporting", imports: ["Charts", "Judging", "RunStore", "Statistics", "Wire"]),
    ]
)
