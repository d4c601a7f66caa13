import Foundation
import RunStore
import Testing

import Cluster

@Suite("The end of recording")
struct RecordingEndTests {
    @Test(
        "every trouble of storage is the same in the coordinator's last line",
        arguments: StorageTrouble.allCases)
    func line(trouble: StorageTrouble) throws {
        let error = StoreError.storage(trouble, path: "/d/p.db", operation: "x", detail: "y")
        let end = try #require(RecordingEnd(error))
        #expect(end.description.contains(trouble.found))
        #expect(RecordingEnd(line: "\(end)") == end)
    }

    @Test("what another start may cure, and what a coordinator says besides, is no such end")
    func others() {
        #expect(RecordingEnd(StoreError.database(operation: "x", code: 19, detail: "y")) == nil)
        for line in ["", "listening on tcp://127.0.0.1:5555", " cannot record: no"] {
            #expect(RecordingEnd(line: line) == nil)
        }
    }

    @Test("room is kept without a name, given back at once, and gone without where there is none")
    func reserve() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("peerless-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let reserve = DiskReserve(beside: folder.appendingPathComponent("p.db").path)
        #expect(reserve.bytesKept == 0 || reserve.bytesKept >= 256 << 10)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
        reserve.release()
        #expect(reserve.bytesKept == 0)
        #expect(DiskReserve(beside: "/no/such/folder/p.db").bytesKept == 0)
    }
}
