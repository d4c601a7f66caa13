// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

func room(_ name: String, imports: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
    .target(name: name, dependencies: imports, resources: resources, swiftSettings: settings)
}

func tests(of name: String, imports: [Target.Dependency] = [], resources: [Resource] = []) -> Target
{
    .testTarget(
        name: "\(name)Tests", dependencies: [.byName(name: name)] + imports,
        resources: resources, swiftSettings: settings)
}

let package = Package(
    name: "peerless",
    targets: [
        room("Wire"),
        room("Collectives", imports: ["Wire"]),
        room("Simulation", imports: ["Collectives", "Wire"]),
        tests(of: "Wire"),
        tests(of: "Collectives", imports: ["Simulation", "Wire"]),
    ]
)
