/// What the coordinator makes of words that it has accepted: rows, and the figures of a run.
extension FuzzTarget {
    /// `RunBoard` and `Recorder`: an input is as the board's, and everything that it leads to is
    /// written into a database, summed up, shown and explained.
    static let recorded = FuzzTarget("recorded", share: 2_000, .text(recordedWords)) {
        let greetings = conversation.prefix(4)
        return [["0{}"], conversation, greetings + strangers, greetings + extremes]
            .map { Array($0.joined(separator: "\n").utf8) }
    } open: {
        let desk = try RecordingStore()
        return { try desk.takes($0) }
    }

    private static let recordedWords =
        boardWords + [
            "\"notice\"", "\"injected\"", "\"checkpointed\"", "\"clock\"", "\"hello\"", "\"place\"",
            "70368744177664", "-70368744177664", "1099511627775", "2305843009213693952",
            "1073741824", "1e15", "-1e15",
        ]

    /// Words about runs that are not here, and what a run has rarely.
    private static let strangers = [
        #"0{"notice":{"run":7,"kind":"dropped","detail":"3"}}"#,
        #"0{"notice":{"run":1,"kind":"no checkpoint","detail":"disk"}}"#,
        #"1{"notice":{"kind":"dropped","detail":"3"}}"#,
        #"0{"injected":{"run":1,"generation":0,"rank":0,"fault":"kill worker 0 at step 3"}}"#,
        #"0{"clock":{"sent":5,"_1":{"offset":-7,"error":2}}}"#,
        #"0{"checkpointed":{"run":1,"generation":0,"rank":0,"_3":{"step":1,"worldSize":2,"#
            + #""path":"/c","bytes":64,"nanoseconds":5,"checksum":3}}}"#,
        #"1{"bye":{}}"#,
    ]

    /// The greatest numbers that are accepted.
    private static let extremes = (0..<2).flatMap { rank -> [String] in
        let most = Int64(1) << 46
        let row = (0..<2).map { step in
            let measures = Array(repeating: "\(most)", count: 11).joined(separator: ",")
            return "[\(step),1e308,\(Int64(1) << 61),\(measures),null,1e308]"
        }
        return [
            "\(rank){\"metrics\":{\"run\":1,\"generation\":0,\"rank\":\(rank),"
                + "\"steps\":[\(row.joined(separator: ","))]}}",
            "\(rank){\"evaluation\":{\"run\":1,\"generation\":0,\"rank\":\(rank),\"_3\":{\"step\":2,"
                + "\"seconds\":1e308,\"count\":1099511627776,\"lossSum\":-1e308,\"correct\":0}}}",
            "\(rank){\"observed\":{\"run\":1,\"generation\":0,\"rank\":\(rank),\"_3\":{\"step\":1,"
                + "\"workers\":2,\"applied\":1099511627776,\"gradientNorm\":1e308,"
                + "\"bytesSent\":\(most),\"nanoseconds\":\(most)}}}",
        ]
    }
}
