// Derivatives of a block's outputs: with respect to the inputs, dy/dx, and on the way to every layer's pre-activations.
//
// With D_l the diagonal matrix of layer l's slopes, (dy/dx)^T = W_1 D_1 W_2 D_2 ... W_L D_L at every row: multiplied
// from the left for one input after the other, or from the right for one output after the other, whichever are fewer.
#pragma once

#include <utility>

#include "kernels/block.hpp"

namespace fitnet {
namespace FITNET_LEVEL_NAME {

// Backward from output `o` alone, after a forward pass that kept the slopes: visit(l, dy_o/dz of layer l, a buffer that
// is free), from the last layer to the first.
template <class T, class Visit>
static void backward_from(const Plan<T>& plan, const T* parameters, const T* transposed, int64_t o, int64_t rows,
                          T* scratch, const Visit& visit) {
    T* delta = plan.gradients(scratch, 0);
    T* next = plan.gradients(scratch, 1);
    const Panels<T> outputs{plan.block_rows, plan.outputs()};
    for (int64_t jp = 0; jp < outputs.count(); jp++)
        std::memset(delta + outputs.panel(jp), 0, size_t(rows * outputs.stride()) * sizeof(T));
    for (int64_t r = 0; r < rows; r++) delta[outputs.at(r, o)] = 1;
    apply_slope(plan, int64_t(plan.layers.size()) - 1, rows, scratch, delta);
    for (int64_t l = int64_t(plan.layers.size()) - 1;; l--) {
        visit(l, static_cast<const T*>(delta), next);
        if (l == 0) return;
        backward_layer(plan, parameters, transposed, l, rows, scratch, delta, next);
        std::swap(delta, next);
    }
}

// da/dx_k of the first layer, for every row: row k of its weights times its slopes.
template <class T>
static void first_tangent(const Plan<T>& plan, const T* parameters, int64_t k, int64_t rows, T* scratch, T* tangent) {
    const LayerPlan<T>& layer = plan.layers.front();
    const Panels<T> out{plan.block_rows, layer.outputs}, weights = layer.weight_panels();
    const T* W = parameters + layer.weights;
    for (int64_t j = 0; j < layer.outputs; j++) {
        const T weight = W[layer.narrow ? weights.at(j, k) : weights.at(k, j)];
        for (int64_t r = 0; r < rows; r++) tangent[out.at(r, j)] = weight;
    }
    clear_padding(tangent, out, rows);
    apply_slope(plan, 0, rows, scratch, tangent);
}

// From da/dx_k of the inputs of layer l > 0 to that of its outputs.
template <class T>
static void forward_tangent(const Plan<T>& plan, const T* parameters, int64_t l, int64_t rows, T* scratch,
                            const T* tangent, T* next) {
    static const T zeros[LINE<T>] = {};
    const LayerPlan<T>& layer = plan.layers[size_t(l)];
    const Panels<T> in{plan.block_rows, layer.inputs}, out{plan.block_rows, layer.outputs};
    const T* W = parameters + layer.weights;
    if (layer.narrow)
        narrow_product(tangent, in, W, layer.weight_panels(), next, out, rows, zeros);
    else
        product(tangent, in, W, layer.weight_panels(), next, out, rows, static_cast<const T*>(nullptr), Plain<T>{});
    clear_padding(next, out, rows);
    apply_slope(plan, l, rows, scratch, next);
}

// X (rows, p) to dy_dx (rows, m, p).
template <class T>
static void jacobian_block(const Plan<T>& plan, const T* parameters, const T* transposed, const T* X, int64_t rows,
                           T* dy_dx, T* scratch) {
    const Rows<T> all{X, nullptr, nullptr, rows};
    gather(plan, BlockRows<T>{&all, nullptr, 0, rows, 1.0}, plan.activations(scratch, 0));
    forward(plan, parameters, rows, scratch, true);
    const int64_t p = plan.inputs(), m = plan.outputs(), L = int64_t(plan.layers.size());
    const Panels<T> inputs{plan.block_rows, p}, outputs{plan.block_rows, m};
    if (p <= m) {
        for (int64_t k = 0; k < p; k++) {
            T* tangent = plan.gradients(scratch, 0);
            T* next = plan.gradients(scratch, 1);
            first_tangent(plan, parameters, k, rows, scratch, tangent);
            for (int64_t l = 1; l < L; l++, std::swap(tangent, next))
                forward_tangent(plan, parameters, l, rows, scratch, tangent, next);
            for (int64_t r = 0; r < rows; r++)
                for (int64_t o = 0; o < m; o++) dy_dx[(r * m + o) * p + k] = tangent[outputs.at(r, o)];
        }
        return;
    }
    const LayerPlan<T>& first = plan.layers.front();
    const T* W = first.narrow ? parameters + first.weights : transposed + first.transposed;
    for (int64_t o = 0; o < m; o++)
        backward_from(plan, parameters, transposed, o, rows, scratch, [&](int64_t l, const T* delta, T* free) {
            if (l > 0) return;
            product(delta, Panels<T>{plan.block_rows, first.outputs}, W, first.transposed_panels(), free, inputs, rows,
                    static_cast<const T*>(nullptr), Plain<T>{});
            for (int64_t r = 0; r < rows; r++)
                for (int64_t k = 0; k < p; k++) dy_dx[(r * m + o) * p + k] = free[inputs.at(r, k)];
        });
}

}  // namespace FITNET_LEVEL_NAME
}  // namespace fitnet
