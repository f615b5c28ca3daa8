// One network's predictions and their derivatives with respect to the inputs, a block of rows at a time.
#include <mutex>

#include "engine/row_blocks.hpp"
#include "kernels/level.hpp"

namespace fitnet {

template <class T>
struct Predictor<T>::Packed {
    Packed(const Layers& layers, const T* flat) : plan(layers), one_row(layers, 1), parameters(plan.n_parameters) {
        plan.pad(flat, parameters.get());
    }
    // Made at the first derivative, and only where that runs from the outputs back.
    const T* transposed_weights() const {
        if (plan.inputs() <= plan.outputs()) return nullptr;
        std::call_once(transposing, [this] {
            transposed.at_least(plan.n_transposed_with_first());
            for (const LayerPlan<T>& layer : plan.layers)
                for (int64_t panel = 0; !layer.narrow && panel < layer.weight_panels().count(); panel++)
                    kernels<T>().transpose(layer, parameters.get(), transposed.get(), panel);
        });
        return transposed.get();
    }
    const Plan<T> plan;
    const Plan<T> one_row;  // the same parameters, with buffers for a single row
    Buffer<T> parameters;

private:
    mutable std::once_flag transposing;
    mutable Buffer<T> transposed;
};

template <class T>
Predictor<T>::Predictor(const Layers& layers, const T* parameters) : packed_(new Packed(layers, parameters)) {}

template <class T>
Predictor<T>::~Predictor() {
    delete packed_;
}

template <class T>
void Predictor<T>::row(const T* x, T* y) const {
    const Plan<T>& plan = packed_->one_row;
    kernels<T>().predict_block(plan, packed_->parameters.get(), x, 1, y, own_scratch<T>(plan.n_scratch()));
}

template <class T>
void Predictor<T>::rows(const T* X, int64_t n, T* out, Threads threads) const {
    const Plan<T>& plan = packed_->plan;
    const Level<T>& level = kernels<T>();
    const RowBlocks blocks{n, plan.block_rows, plan.flops_a_row() / 3, plan.n_scratch()};
    for_blocks<T>(blocks, threads, [&](int64_t first, int64_t rows, T* scratch) {
        level.predict_block(plan, packed_->parameters.get(), X + first * plan.inputs(), rows,
                            out + first * plan.outputs(), scratch);
    });
}

template <class T>
void Predictor<T>::jacobian_row(const T* x, T* dy_dx) const {
    const Plan<T>& plan = packed_->one_row;
    kernels<T>().jacobian_block(plan, packed_->parameters.get(), packed_->transposed_weights(), x, 1, dy_dx,
                                own_scratch<T>(plan.n_scratch()));
}

template <class T>
void Predictor<T>::jacobian(const T* X, int64_t n, T* dy_dx, Threads threads) const {
    const Plan<T>& plan = packed_->plan;
    const Level<T>& level = kernels<T>();
    const T* transposed = packed_->transposed_weights();
    const int64_t p = plan.inputs(), m = plan.outputs();
    const double flops = plan.flops_a_row() / 3 * double(1 + (p < m ? p : m));
    const RowBlocks blocks{n, plan.block_rows, flops, plan.n_scratch()};
    for_blocks<T>(blocks, threads, [&](int64_t first, int64_t rows, T* scratch) {
        level.jacobian_block(plan, packed_->parameters.get(), transposed, X + first * p, rows, dy_dx + first * m * p,
                             scratch);
    });
}

template <class T>
void predict(const Layers& layers, const T* parameters, const T* X, int64_t n, T* out, Threads threads) {
    Predictor<T>(layers, parameters).rows(X, n, out, threads);
}

template <class T>
void input_jacobian(const Layers& layers, const T* parameters, const T* X, int64_t n, T* dy_dx, Threads threads) {
    Predictor<T>(layers, parameters).jacobian(X, n, dy_dx, threads);
}

#define FITNET_INSTANTIATE(T)                                                                 \
    template void predict<T>(const Layers&, const T*, const T*, int64_t, T*, Threads);        \
    template void input_jacobian<T>(const Layers&, const T*, const T*, int64_t, T*, Threads); \
    template class Predictor<T>;
FITNET_INSTANTIATE(float)
FITNET_INSTANTIATE(double)

}  // namespace fitnet
