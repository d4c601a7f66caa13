/// Inputs that once trapped, hung or grew, smallest first: part of every corpus from then on.
public enum Findings {
    /// The inputs of a target.
    public static func inputs(of target: String) -> [[UInt8]] {
        (all[target] ?? []).map(\.input)
    }

    private struct Finding: Sendable {
        /// What it did.
        let what: String
        let input: [UInt8]

        init(_ what: String, _ input: [UInt8]) {
            self.what = what
            self.input = input
        }

        init(_ what: String, _ text: String) { self.init(what, Array(text.utf8)) }
    }

    private static let all: [String: [Finding]] = [
        "acceptance": [
            Finding(
                "a time stamp at the end of time: the emulated card's sum overflowed",
                FuzzTarget.bytes(of: FuzzTarget.header(length: 2, release: .max - 3)) + [1, 1])
        ],
        "control": [
            Finding(
                "deep nesting, which Foundation refuses",
                message(#"{"submit":{"_0":"# + String(repeating: "[", count: 20_000))),
            Finding(
                "times whose sum overflowed on the coordinator",
                message(
                    #"{"metrics":{"run":1,"rank":0,"steps":[[0,0.5,9223372036854775807,0,0,0,0,0,0,"#
                        + #"0,0,0,0,null],[1,0.5,9223372036854775807,0,0,0,0,0,0,0,0,0,0,null]]}}"#)
            ),
            Finding(
                "counts of samples whose sum overflowed on the coordinator",
                message(
                    #"{"evaluation":{"run":1,"rank":0,"_2":{"step":9,"seconds":1,"#
                        + #""count":9223372036854775807,"lossSum":1,"correct":1}}}"#)),
        ],
        "experiment": [
            Finding(
                "lists whose product was laid out in memory",
                "experiment: e\nmatrix:\n"
                    + ["workers", "batch", "steps", "threads", "checksumEvery", "shift"].map {
                        "  \($0): [\((1...200).map(String.init).joined(separator: ", "))]\n"
                    }.joined()),
            Finding(
                "deep nesting, which libyaml refuses",
                "experiment: e\nvariants: " + String(repeating: "[", count: 3_000)),
            Finding("aliases as keys, compared with all that they stand for", aliases(in: "x: ")),
            Finding(
                "a long unknown key, measured against every known one",
                "experiment: e\n" + String(repeating: "x", count: 20_000) + ": 1"),
        ],
        "images": [
            Finding(
                "test images of another size than the training images",
                files(images: [3, 2]))
        ],
        "override": [
            Finding("aliases as keys", aliases(in: "seeds=")),
            Finding(
                "more keys below each other than the stack is deep",
                String(repeating: "a.", count: 50_000) + "a=1"),
        ],
        "recorded": [
            Finding(
                "a word about a run that is not there, which ended the coordinator",
                FuzzTarget.greeting(0) + "\n"
                    + #"0{"notice":{"run":7,"kind":"dropped","detail":"3"}}"#)
        ],
        "scheduler": [
            Finding(
                "an address that went on behind its end",
                "SLURM_JOB_ID=7\nPMIX_RANK=0\nSLURM_LAUNCH_NODE_IPADDR=10.0.0.1"
                    + String(repeating: "\u{0}", count: 5_000))
        ],
        "stored": [
            Finding(
                "a loss whose decimals are beyond Int64", "run_summary.final_loss = 950000000000000"
            ),
            Finding(
                "workers whose product overflowed",
                "run.topology = tree\nrun.workers = 9223372036854775807"),
            Finding(
                "times whose sum overflowed where the run is summed up",
                "step.total_nanoseconds = 9223372036854775807"),
            Finding(
                "a step that ended beyond the end of time",
                "step.began_nanoseconds = 9223372036854775807"),
            Finding("a word that was taken for a number of workers", "run.workers = many"),
        ],
        "units": [
            Finding("a whole number beyond Int", "1e300"),
            Finding("a number that its unit makes infinite", "1e308gbit"),
        ],
        "variant": [
            Finding(
                "a bandwidth beyond Int, written by the coordinator",
                FuzzTarget.configuration.replacing("1000000000", with: "1e300")),
            Finding(
                "fewer workers than none",
                FuzzTarget.configuration.replacing("\"workers\":4", with: "\"workers\":-4")),
        ],
    ]

    private static func message(_ json: String) -> [UInt8] { FuzzTarget.controlMessage(json) }

    private static func aliases(in key: String) -> String {
        var text = "\(key)[&b0 x"
        for level in 1...30 {
            let below = Array(repeating: "*b\(level - 1)", count: 9).joined(separator: ", ")
            text += ", &b\(level) [\(below)]"
        }
        return text + ", {*b30 : 1, ? *b29 : 2}]"
    }

    /// Two images of each split, of so many rows and columns.
    private static func files(images sizes: [UInt8]) -> [UInt8] {
        sizes.flatMap { size -> [UInt8] in
            let pixels = [UInt8](repeating: 1, count: 2 * Int(size) * Int(size))
            let images = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, size, 0, 0, 0, size] + pixels
            let labels: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 2, 7, 9]
            return [images, labels].flatMap { [UInt8($0.count), 0] + $0 }
        }
    }
}
