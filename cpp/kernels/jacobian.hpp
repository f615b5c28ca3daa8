// Derivatives of a block's outputs: with respect to the inputs, dy/dx, and on the way to every layer's pre-activations.
//
// With D_l the diagonal matrix of layer l's slopes, (dy/dx)^T = W_1 D_1 W_2 D_2 ... W_L D_L at every row: multiplied
// from the left for one input after the other, or from the right for one output after the other, whichever are fewer.
#pragma once

#include <cstring>

#include "kernels/block.hpp"

namespace fitnet {
namespace FITNET_LEVEL_NAME {

// Backward after a forward pass that kept the slopes, from what `seed` writes into a matrix of zeros (rows, m): from
// a combination of the outputs. visit(l, its derivative in z of layer l), from the last layer to the first; the visitor
// may write into gradients(l).
template <class T, class Seed, class Visit>
static void backward_from_seed(const Scratch<T>& scratch, const T* parameters, const T* transposed, const Seed& seed,
                               const Visit& visit) {
    const int64_t L = scratch.plan.depth();
    const Matrix<T> outputs = scratch.gradients(L);
    for (int64_t jp = 0; jp < outputs.panels.count(); jp++)
        std::memset(outputs.panel(jp), 0, size_t(outputs.rows * outputs.stride()) * sizeof(T));
    seed(outputs);
    apply_slope(scratch, L - 1);
    for (int64_t l = L - 1;; l--) {
        visit(l, Matrix<const T>(scratch.gradients(l + 1)));
        if (l == 0) return;
        backward_layer(scratch, parameters, transposed, l);
    }
}

// The same from output `o` alone.
template <class T, class Visit>
static void backward_from(const Scratch<T>& scratch, const T* parameters, const T* transposed, int64_t o,
                          const Visit& visit) {
    const auto one = [&](Matrix<T> outputs) {
        for (int64_t r = 0; r < outputs.rows; r++) outputs.at(r, o) = 1;
    };
    backward_from_seed(scratch, parameters, transposed, one, visit);
}

// da/dx_k of the first layer, for every row: row k of its weights times its slopes.
template <class T>
static void first_tangent(const Scratch<T>& scratch, const T* parameters, int64_t k) {
    const LayerPlan<T>& layer = scratch.plan.layers.front();
    const Matrix<const T> W = layer.weight_matrix(parameters);
    const Matrix<T> tangent = scratch.gradients(1);
    for (int64_t j = 0; j < layer.outputs; j++) {
        const T weight = layer.narrow ? W.at(j, k) : W.at(k, j);
        for (int64_t r = 0; r < tangent.rows; r++) tangent.at(r, j) = weight;
    }
    clear_padding(tangent);
    apply_slope(scratch, 0);
}

// From da/dx_k of the inputs of layer l > 0 to that of its outputs.
template <class T>
static void forward_tangent(const Scratch<T>& scratch, const T* parameters, int64_t l) {
    static const T zeros[LINE<T>] = {};
    const LayerPlan<T>& layer = scratch.plan.layers[size_t(l)];
    const Matrix<const T> W = layer.weight_matrix(parameters);
    const Matrix<T> tangent = scratch.gradients(l), next = scratch.gradients(l + 1);
    if (layer.narrow)
        narrow_product(tangent, W, next, zeros);
    else
        product(tangent, W, next, NO_BIAS<T>, Plain<T>{});
    clear_padding(next);
    apply_slope(scratch, l);
}

// X (rows, p) to dy_dx (rows, m, p).
template <class T>
static void jacobian_block(const Plan<T>& plan, const T* parameters, const T* transposed, const T* X, int64_t rows,
                           T* dy_dx, T* memory) {
    const Scratch<T> scratch{plan, memory, rows};
    gather(scratch, X);
    forward(scratch, parameters, true);
    const int64_t p = plan.inputs(), m = plan.outputs();
    if (p <= m) {
        const Matrix<T> dy = scratch.gradients(plan.depth());
        for (int64_t k = 0; k < p; k++) {
            first_tangent(scratch, parameters, k);
            for (int64_t l = 1; l < plan.depth(); l++) forward_tangent(scratch, parameters, l);
            for (int64_t r = 0; r < rows; r++)
                for (int64_t o = 0; o < m; o++) dy_dx[(r * m + o) * p + k] = dy.at(r, o);
        }
        return;
    }
    const Matrix<const T> W = plan.layers.front().transposed_matrix(parameters, transposed);
    const Matrix<T> dx = scratch.gradients(0);
    for (int64_t o = 0; o < m; o++)
        backward_from(scratch, parameters, transposed, o, [&](int64_t l, Matrix<const T> delta) {
            if (l > 0) return;
            product(delta, W, dx, NO_BIAS<T>, Plain<T>{});
            for (int64_t r = 0; r < rows; r++)
                for (int64_t k = 0; k < p; k++) dy_dx[(r * m + o) * p + k] = dx.at(r, k);
        });
}

}  // namespace FITNET_LEVEL_NAME
}  // namespace fitnet
