import Advice
import Cluster
import Experiment

/// LeNet's size on 28x28 images.
let lenetParameters = 431_080

/// A question about LeNet on a link of so many bits per second.
func asked(
    _ bitsPerSecond: Double, workers: Int = 4, latency: Double = 200e-6
) -> AdviceQuestion {
    AdviceQuestion(
        model: .lenet, dataset: .fashionMNIST, workers: workers, batch: 32, threads: 1,
        link: LinkOptions(bandwidthBitsPerSecond: bitsPerSecond, latencySeconds: latency))
}

/// Rates as they might be: compressing costs what dense does not.
func madeUp(_ question: AdviceQuestion) throws -> Rates {
    let costs = [
        "dense": (0.02, 0.06), "topk": (0.3, 0.2), "gtopk": (0.3, 0.4), "sketch": (0.4, 1),
    ]
    var rates = Rates(question, contextHash: "context", cores: 2)
    for variant in try question.candidates(parameters: lenetParameters)
    where rates.times(of: variant.methodSummary) == nil {
        let (encode, decode) = costs[variant.method.name] ?? (0, 0)
        let times = ProcessorTimes(
            computeMilliseconds: 3, encodeMilliseconds: encode, decodeMilliseconds: decode,
            updateMilliseconds: 0.15)
        rates.methods.append(Rates.Entry(method: variant.methodSummary, times: times))
    }
    return rates
}

/// The advice of these rates, without a past.
func advice(_ question: AdviceQuestion) throws -> Advice {
    try Advice(
        question, try question.candidates(parameters: lenetParameters),
        rates: try madeUp(question), past: PastForecasts())
}
