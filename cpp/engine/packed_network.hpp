// A network with its weights packed, and what is computed from them on a block of rows.
#pragma once

#include "engine/buffer.hpp"
#include "engine/made_once.hpp"
#include "engine/row_blocks.hpp"
#include "kernels/level.hpp"

namespace fitnet {

template <class T>
class PackedNetwork {
public:
    PackedNetwork(const Layers& shapes, const T* flat)
        : layers(shapes), plan(shapes), one_row(shapes, 1), parameters(plan.n_parameters) {
        plan.pad(flat, parameters.get());
    }

    RowBlocks output_blocks(int64_t n) const { return blocks(n, 1, plan_for(n).n_forward_scratch()); }
    RowBlocks jacobian_blocks(int64_t n) const {
        const int64_t p = plan.inputs(), m = plan.outputs();
        return blocks(n, double(1 + (p < m ? p : m)), plan_for(n).n_scratch());
    }
    // What `jacobian` needs beside the weights: null where it runs from the inputs on.
    const T* weights_back() const { return plan.inputs() <= plan.outputs() ? nullptr : transposed_weights(); }
    // Made at the first derivative that runs from the outputs back.
    const T* transposed_weights() const {
        const Buffer<T>& kept = transposed_.get([this] {
            auto made = std::make_unique<Buffer<T>>(plan.n_transposed_with_first());
            for (const LayerPlan<T>& layer : plan.layers)
                for (int64_t panel = 0; !layer.narrow && panel < layer.weight_panels().count(); panel++)
                    kernels<T>().transpose(layer, parameters.get(), made->get(), panel);
            return made;
        });
        return kept.get();
    }

    // A block's rows of X (rows, p), one of `of`, to out (rows, m) or dy_dx (rows, m, p).
    void outputs(const RowBlocks& of, const T* X, int64_t rows, T* out, T* scratch) const {
        kernels<T>().predict_block(plan_for(of.n), parameters.get(), X, rows, out, scratch);
    }
    void jacobian(const RowBlocks& of, const T* transposed, const T* X, int64_t rows, T* dy_dx, T* scratch) const {
        kernels<T>().jacobian_block(plan_for(of.n), parameters.get(), transposed, X, rows, dy_dx, scratch);
    }

    const Layers layers;
    const Plan<T> plan;
    const Plan<T> one_row;  // the same parameters, with buffers for a single row, which are near
    Buffer<T> parameters;

private:
    const Plan<T>& plan_for(int64_t n) const { return n == 1 ? one_row : plan; }
    RowBlocks blocks(int64_t n, double passes, int64_t n_scratch) const {
        return {n, plan_for(n).block_rows, plan.flops_a_row() / 3 * passes, n_scratch};
    }

    MadeOnce<Buffer<T>> transposed_;
};

}  // namespace fitnet
