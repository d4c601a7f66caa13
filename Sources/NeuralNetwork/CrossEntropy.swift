import Foundation

/// Softmax cross-entropy: the sum of losses and of right predictions, and, where asked, the
/// gradient of the *mean* loss by the logits.
func crossEntropy(
    _ logits: ConstFloats, _ labels: UnsafeBufferPointer<UInt8>, _ classes: Int, _ count: Int,
    gradient: Floats?
) -> (loss: Double, correct: Int) {
    var (loss, correct) = (Double(0), 0)
    for sample in 0..<count {
        let row = logits + sample * classes
        let label = min(Int(labels[sample]), classes - 1)
        var best = 0
        for index in 1..<max(1, classes) where row[index] > row[best] { best = index }
        var sum: Float = 0
        for index in 0..<classes { sum += expf(row[index] - row[best]) }
        loss += Double(logf(sum) + row[best] - row[label])
        if best == label { correct += 1 }
        guard let gradient else { continue }
        let target = gradient + sample * classes
        for index in 0..<classes {
            let share = expf(row[index] - row[best]) / sum
            target[index] = (share - (index == label ? 1 : 0)) / Float(count)
        }
    }
    return (loss, correct)
}
