import Simulation

/// Changes bytes as damaged disks, other versions and ill-wishers do.
enum ByteMutator {
    /// Numbers at which parsers break: bounds of every width, and what is next to them.
    static let boundaries: [UInt64] = [
        0, 1, 2, 3, 7, 15, 16, 31, 47, 48, 49, 63, 64, 127, 128, 255, 256, 4095, 4096, 32_767,
        32_768, 65_535, 65_536, 1 << 20, 1 << 28, 1 << 30, (1 << 31) - 1, 1 << 31, (1 << 32) - 1,
        1 << 32, 1 << 40, 1 << 53, (1 << 62), (1 << 63) - 1, 1 << 63, .max - 63, .max - 1, .max,
    ]

    static func mutate(
        _ bytes: inout [UInt8], other: [UInt8], fields: [InputFormat.Field],
        _ random: inout SeededGenerator
    ) {
        switch random.below(14) {
        case 0, 1: flip(&bytes, &random)
        case 2: set(&bytes, &random)
        case 3: bytes.removeLast(random.below(bytes.count + 1))
        case 4: extend(&bytes, &random)
        case 5: splice(&bytes, other, &random)
        case 6: copyBlock(&bytes, &random)
        case 7: removeBlock(&bytes, &random)
        case 8: moveBlock(&bytes, &random)
        case 9: integer(&bytes, at: random.place(in: bytes.count), &random)
        default: field(&bytes, fields, &random)
        }
    }

    private static func flip(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        guard !bytes.isEmpty else { return }
        bytes[random.below(bytes.count)] ^= 1 << UInt8(random.below(8))
    }

    private static func set(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        guard !bytes.isEmpty else { return }
        let known: [UInt8] = [0, 1, 0x20, 0x7F, 0x80, 0xFE, 0xFF]
        let choice = random.below(known.count + 1)
        bytes[random.below(bytes.count)] =
            choice < known.count ? known[choice] : UInt8(random.below(256))
    }

    private static func extend(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        let isPlain = random.below(2) == 0
        for _ in 0..<random.below(65) { bytes.append(isPlain ? 0 : UInt8(random.below(256))) }
    }

    private static func splice(
        _ bytes: inout [UInt8], _ other: [UInt8], _ random: inout SeededGenerator
    ) {
        let cut = random.below(bytes.count + 1)
        bytes.replaceSubrange(cut..., with: other[random.below(other.count + 1)...])
    }

    private static func block(
        of bytes: [UInt8], _ random: inout SeededGenerator
    ) -> Range<Int> {
        let start = random.below(bytes.count + 1)
        return start..<(start + random.below(min(256, bytes.count - start) + 1))
    }

    private static func copyBlock(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        let copy = Array(bytes[block(of: bytes, &random)])
        let times = random.below(16) == 0 ? random.below(64) : 1
        let place = random.below(bytes.count + 1)
        bytes.insert(contentsOf: repeatElement(copy, count: times).joined(), at: place)
    }

    private static func removeBlock(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        bytes.removeSubrange(block(of: bytes, &random))
    }

    private static func moveBlock(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        let range = block(of: bytes, &random)
        let moved = Array(bytes[range])
        bytes.removeSubrange(range)
        bytes.insert(contentsOf: moved, at: random.below(bytes.count + 1))
    }

    private static func field(
        _ bytes: inout [UInt8], _ fields: [InputFormat.Field], _ random: inout SeededGenerator
    ) {
        guard !fields.isEmpty else {
            return integer(&bytes, at: random.place(in: bytes.count), &random)
        }
        let field = fields[random.below(fields.count)]
        write(&bytes, field, number(&random))
    }

    private static func integer(
        _ bytes: inout [UInt8], at offset: Int, _ random: inout SeededGenerator
    ) {
        let width = 1 << random.below(4)
        let isBig = random.below(4) == 0
        write(&bytes, .init(offset, width, bigEndian: isBig), number(&random))
    }

    /// Mostly a boundary, give or take a little.
    static func number(_ random: inout SeededGenerator) -> UInt64 {
        switch random.below(8) {
        case 0: random.next()
        case 1: boundaries[random.below(boundaries.count)] &- 1
        case 2: boundaries[random.below(boundaries.count)] &+ 1
        case 3: UInt64(random.below(256))
        default: boundaries[random.below(boundaries.count)]
        }
    }

    private static func write(
        _ bytes: inout [UInt8], _ field: InputFormat.Field, _ value: UInt64
    ) {
        for position in 0..<field.bytes where field.offset + position < bytes.count {
            let shift = field.isBigEndian ? field.bytes - 1 - position : position
            bytes[field.offset + position] = UInt8(truncatingIfNeeded: value >> UInt64(8 * shift))
        }
    }
}
