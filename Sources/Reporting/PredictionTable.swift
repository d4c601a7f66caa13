/// What a variant's exchange should take on its link.
public struct PredictionRow: Encodable, Sendable {
    /// Name of the variant.
    public var variant: String
    /// Its topology.
    public var topology: String
    /// Its method with the options.
    public var method: String
    /// Payload bytes that a worker sends in a step, mean over the workers.
    public var bytesSentPerWorkerStep: Double
    /// Payload bytes in and out of a dedicated server in a step.
    public var serverBytesPerStep: Double?
    /// By formula, nothing pipelined; unknown without a link.
    public var formulaMilliseconds: Double?
    /// In virtual time, pipelined as the programs are.
    public var simulatedMilliseconds: Double?

    /// Memberwise.
    public init(
        variant: String, topology: String, method: String, bytesSentPerWorkerStep: Double,
        serverBytesPerStep: Double?, formulaMilliseconds: Double?, simulatedMilliseconds: Double?
    ) {
        self.variant = variant
        self.topology = topology
        self.method = method
        self.bytesSentPerWorkerStep = bytesSentPerWorkerStep
        self.serverBytesPerStep = serverBytesPerStep
        self.formulaMilliseconds = formulaMilliseconds
        self.simulatedMilliseconds = simulatedMilliseconds
    }
}

/// Prints predictions.
public enum PredictionTable {
    /// The rows in a format, with a final line end.
    public static func render(_ rows: [PredictionRow], format: OutputFormat) -> String {
        switch format {
        case .json: return JSONText.render(rows)
        case .table: return sheet(rows).text()
        case .markdown: return sheet(rows).markdown()
        case .csv:
            let header = [
                "variant", "topology", "method", "bytesSentPerWorkerStep", "serverBytesPerStep",
                "formulaMilliseconds", "simulatedMilliseconds",
            ]
            return CommaSeparated.line(header)
                + rows.map { row in
                    CommaSeparated.line([
                        row.variant, row.topology, row.method,
                        CommaSeparated.value(row.bytesSentPerWorkerStep),
                        CommaSeparated.value(row.serverBytesPerStep),
                        CommaSeparated.value(row.formulaMilliseconds),
                        CommaSeparated.value(row.simulatedMilliseconds),
                    ])
                }.joined()
        }
    }

    private static func sheet(_ rows: [PredictionRow]) -> TextSheet {
        var sheet = TextSheet(rowCount: rows.count)
        sheet.add(.words("variant"), rows.map(\.variant))
        sheet.add(.words("topology"), rows.map(\.topology))
        sheet.add(.words("method"), rows.map(\.method))
        sheet.add(.figures("sent"), rows.map { Figures.bytes($0.bytesSentPerWorkerStep) })
        sheet.add(.figures("server"), rows.map { Figures.bytes($0.serverBytesPerStep) })
        sheet.add(.figures("formula ms"), rows.map { Figures.short($0.formulaMilliseconds) })
        sheet.add(.figures("simulated ms"), rows.map { Figures.short($0.simulatedMilliseconds) })
        return sheet
    }
}
