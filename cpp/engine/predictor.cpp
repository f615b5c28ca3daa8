// A whole model's predictions and derivatives, a block of rows at a time: scaled, computed and scaled back while they
// are in the nearest caches.
#include <algorithm>
#include <memory>

#include "engine/packed_network.hpp"
#include "engine/scaling.hpp"

namespace fitnet {

namespace {

constexpr int64_t MOST_STAGED = int64_t(1) << 17;  // numbers of a block that wait to be scaled back

// The network as second derivatives need it, and their scales.
template <class T>
struct Bends {
    Bends(const PackedNetwork<T>& network, const Scales& inputs, const Scales& targets)
        : plan(network.layers), parameters(network.plan.n_flat), scales(inputs, targets, 2) {
        network.plan.unpad(network.parameters.get(), parameters.get());
    }
    const HessianPlan<T> plan;
    Buffer<T> parameters;  // (P), as the user's
    const DerivativeScales scales;
};

}  // namespace

template <class T>
class ScaledNetwork {
public:
    ScaledNetwork(const Layers& layers, const T* parameters, const ColumnScaling& in, const ColumnScaling& out)
        : network(layers, parameters), inputs(in, network.plan.inputs()), targets(out, network.plan.outputs()),
          slopes(inputs, targets, 1) {}

    // Made at the first second derivative.
    const Bends<T>& bends() const {
        return bends_.get([this] { return std::make_unique<Bends<T>>(network, inputs, targets); });
    }

    // kernel(rows of X scaled, their number, `width` numbers for each, scratch) for every block; the numbers go to `to`
    // or, where `undo` is not null, are scaled back on their way there. False where an entry of X is not finite or T
    // cannot hold it.
    template <class Scale, class Kernel>
    bool for_rows(const StridedRows& X, RowBlocks blocks, int64_t width, const Scale* undo, void* to, Threads threads,
                  const Kernel& kernel) const {
        const int64_t p = inputs.columns(), own = blocks.n_scratch;
        if (undo) blocks.block_rows = std::max<int64_t>(1, std::min(blocks.block_rows, MOST_STAGED / width));
        blocks.n_scratch += blocks.block_rows * (p + (undo ? width : 0));
        std::atomic<bool> held{true};
        const auto block = [&](int64_t first, int64_t rows, T* scratch) {
            if (!held.load(std::memory_order_relaxed)) return;
            T* scaled = scratch + own;
            const T* x = inputs.apply(X, first, rows, scaled);
            if (x == nullptr) return held.store(false, std::memory_order_relaxed);
            T* found = undo ? scaled + blocks.block_rows * p : static_cast<T*>(to) + first * width;
            kernel(x, rows, found, scratch);
            if (undo) undo->undo(found, rows, static_cast<double*>(to) + first * width);
        };
        if (X.n == 1)
            block(0, 1, own_scratch<T>(blocks.n_scratch));
        else
            for_blocks<T>(blocks, threads, block);
        return held.load(std::memory_order_relaxed);
    }

    bool any_scaling() const { return !inputs.none() || !targets.none(); }

    const PackedNetwork<T> network;
    const Scales inputs;
    const Scales targets;
    const DerivativeScales slopes;

private:
    MadeOnce<Bends<T>> bends_;
};

template <class T>
Predictor<T>::Predictor(const Layers& layers, const T* parameters, const ColumnScaling& inputs,
                        const ColumnScaling& targets)
    : network_(new ScaledNetwork<T>(layers, parameters, inputs, targets)) {}

template <class T>
Predictor<T>::~Predictor() {
    delete network_;
}

template <class T>
bool Predictor<T>::gives_double_outputs() const {
    return sizeof(T) == sizeof(double) || !network_->targets.none();
}

template <class T>
bool Predictor<T>::gives_double_derivatives() const {
    return sizeof(T) == sizeof(double) || network_->any_scaling();
}

template <class T>
bool Predictor<T>::outputs(const StridedRows& X, void* out, Threads threads) const {
    const PackedNetwork<T>& network = network_->network;
    const Scales* undo = network_->targets.none() ? nullptr : &network_->targets;
    const RowBlocks blocks = network.output_blocks(X.n);
    return network_->for_rows(
        X, blocks, network.plan.outputs(), undo, out, threads,
        [&](const T* x, int64_t rows, T* y, T* scratch) { network.outputs(blocks, x, rows, y, scratch); });
}

template <class T>
bool Predictor<T>::jacobian(const StridedRows& X, void* dy_dx, Threads threads) const {
    const PackedNetwork<T>& network = network_->network;
    const DerivativeScales* undo = network_->any_scaling() ? &network_->slopes : nullptr;
    const RowBlocks blocks = network.jacobian_blocks(X.n);
    const T* transposed = network.weights_back();
    const int64_t width = network.plan.outputs() * network.plan.inputs();
    return network_->for_rows(X, blocks, width, undo, dy_dx, threads,
                              [&](const T* x, int64_t rows, T* slopes, T* scratch) {
                                  network.jacobian(blocks, transposed, x, rows, slopes, scratch);
                              });
}

template <class T>
bool Predictor<T>::hessian(const StridedRows& X, void* d2y_dx2, Threads threads) const {
    const Bends<T>& bends = network_->bends();
    const HessianPlan<T>& plan = bends.plan;
    const RowBlocks blocks{X.n, plan.block_rows, plan.flops_a_row(), plan.block_rows * plan.numbers_a_row()};
    return network_->for_rows(X, blocks, plan.m * plan.p * plan.p, network_->any_scaling() ? &bends.scales : nullptr,
                              d2y_dx2, threads, [&](const T* x, int64_t rows, T* found, T* scratch) {
                                  kernels<T>().hessian_block(plan, bends.parameters.get(), x, rows, found, scratch);
                              });
}

template <class T>
void predict(const Layers& layers, const T* parameters, const T* X, int64_t n, T* out, Threads threads) {
    const PackedNetwork<T> network(layers, parameters);
    const int64_t p = network.plan.inputs(), m = network.plan.outputs();
    const RowBlocks blocks = network.output_blocks(n);
    for_blocks<T>(blocks, threads, [&](int64_t first, int64_t rows, T* scratch) {
        network.outputs(blocks, X + first * p, rows, out + first * m, scratch);
    });
}

template <class T>
void input_jacobian(const Layers& layers, const T* parameters, const T* X, int64_t n, T* dy_dx, Threads threads) {
    const PackedNetwork<T> network(layers, parameters);
    const T* transposed = network.weights_back();
    const int64_t p = network.plan.inputs(), m = network.plan.outputs();
    const RowBlocks blocks = network.jacobian_blocks(n);
    for_blocks<T>(blocks, threads, [&](int64_t first, int64_t rows, T* scratch) {
        network.jacobian(blocks, transposed, X + first * p, rows, dy_dx + first * m * p, scratch);
    });
}

#define FITNET_INSTANTIATE(T)                                                                 \
    template void predict<T>(const Layers&, const T*, const T*, int64_t, T*, Threads);        \
    template void input_jacobian<T>(const Layers&, const T*, const T*, int64_t, T*, Threads); \
    template class Predictor<T>;
FITNET_INSTANTIATE(float)
FITNET_INSTANTIATE(double)

}  // namespace fitnet
