// The loss alone, without a gradient.
#include "engine/buffer.hpp"
#include "engine/mean_loss.hpp"

namespace fitnet {

template <class T>
double loss(const Layers& layers, const LossSettings& settings, const T* parameters, const Rows<T>& rows,
            Threads threads) {
    const Plan<T> plan(layers);
    const Buffer<T> padded(plan.n_parameters);
    plan.pad(parameters, padded.get());
    return mean_loss(plan, settings, padded.get(), rows, threads);
}

template double loss<float>(const Layers&, const LossSettings&, const float*, const Rows<float>&, Threads);
template double loss<double>(const Layers&, const LossSettings&, const double*, const Rows<double>&, Threads);

}  // namespace fitnet
