// A block of rows through all layers and back, while it is in the nearest caches.
//
// Buffers, each in panels of plan.block_rows rows: activations(l) is the input of layer l, activations(L) the
// outputs; slopes(l) is da/dz of layer l where it cannot be read off a; gradients(0 or 1) is d(loss)/dz.
// Padding columns of activations stay zero, and so do those of every gradient.
#pragma once

#include "kernels/activations.hpp"
#include "kernels/level.hpp"
#include "kernels/losses.hpp"
#include "kernels/products.hpp"

namespace fitnet {
namespace FITNET_LEVEL_NAME {

template <class T>
static void forward(const Plan<T>& plan, const T* parameters, int64_t rows, T* scratch, bool keep_slopes) {
    for (size_t l = 0; l < plan.layers.size(); l++) {
        const LayerPlan<T>& layer = plan.layers[l];
        const Panels<T> in{plan.block_rows, layer.inputs}, out{plan.block_rows, layer.outputs};
        const T* a = plan.activations(scratch, int64_t(l));
        const T* W = parameters + layer.weights;
        const T* b = parameters + layer.biases;
        T* z = plan.activations(scratch, int64_t(l) + 1);
        if (layer.narrow) {
            narrow_product(a, in, W, layer.weight_panels(), z, out, rows, b);
        } else if (layer.activation == Activation::relu) {
            product(a, in, W, layer.weight_panels(), z, out, rows, b, Relu<T>{});
            clear_padding(z, out, rows);
            continue;
        } else {
            product(a, in, W, layer.weight_panels(), z, out, rows, b, Plain<T>{});
        }
        activate(layer.activation, z, keep_slopes ? plan.slopes(scratch, int64_t(l)) : nullptr, out, rows);
    }
}

// Asks memory for rows that lie anywhere, so that it looks for many of them at once.
template <class T>
static void prefetch(const T* rows, int64_t width, const BlockRows<T>& block) {
    for (int64_t r = 0; r < block.count; r++) __builtin_prefetch(rows + block.order[r] * width);
}

// Rows of X into the first buffer of activations.
template <class T>
static void gather(const Plan<T>& plan, const BlockRows<T>& block, T* to) {
    const int64_t p = plan.inputs();
    const Panels<T> panels{plan.block_rows, p};
    if (block.order) prefetch(block.rows->X, p, block);
    for (int64_t r = 0; r < block.count; r++) {
        const T* x = block.rows->X + (block.order ? block.order[r] : block.first + r) * p;
        for (int64_t k = 0; k < p; k += PANEL<T>)
            for (int64_t i = 0; i < PANEL<T> && k + i < p; i++) to[panels.at(r, k) + i] = x[k + i];
    }
    clear_padding(to, panels, block.count);
}

// From derivatives with respect to the outputs of layer l to those with respect to its pre-activations, in place.
template <class T>
static void apply_slope(const Plan<T>& plan, int64_t l, int64_t rows, T* scratch, T* delta) {
    const LayerPlan<T>& layer = plan.layers[size_t(l)];
    const Panels<T> out{plan.block_rows, layer.outputs};
    with_slope<T>(layer.activation, plan.activations(scratch, l + 1), plan.slopes(scratch, l), delta,
                  [&](const auto& slope) {
                      for (int64_t jp = 0; jp < out.count(); jp++)
                          for (int64_t i = 0; i < rows * out.stride(); i += LANES<T>) {
                              T* at = delta + out.panel(jp) + i;
                              store(at, slope(load(at), at));
                          }
                  });
}

// From `delta`, derivatives with respect to the pre-activations of layer l > 0, to `next`, those of the layer before.
template <class T>
static void backward_layer(const Plan<T>& plan, const T* parameters, const T* transposed, int64_t l, int64_t rows,
                           T* scratch, const T* delta, T* next) {
    const LayerPlan<T>& layer = plan.layers[size_t(l)];
    const Panels<T> in{plan.block_rows, layer.inputs}, out{plan.block_rows, layer.outputs};
    const T* W = layer.narrow ? parameters + layer.weights : transposed + layer.transposed;
    with_slope<T>(plan.layers[size_t(l - 1)].activation, plan.activations(scratch, l), plan.slopes(scratch, l - 1),
                  next, [&](const auto& slope) {
                      product(delta, out, W, layer.transposed_panels(), next, in, rows, static_cast<const T*>(nullptr),
                              slope);
                  });
}

// The block's share of the loss; d(loss)/d(prediction) goes to `gradient`.
template <class T, class Pointwise>
static double measure(const Plan<T>& plan, const Pointwise& loss, const BlockRows<T>& block, const T* predictions,
                      T* gradient) {
    const int64_t m = plan.outputs();
    const Panels<T> panels{plan.block_rows, m};
    double sum = 0;
    const T equal_share = T(1.0 / (block.total_weight * double(m)));
    for (int64_t r = 0; r < block.count; r++) {
        const int64_t row = block.order ? block.order[r] : block.first + r;
        const double weight = block.rows->weights ? double(block.rows->weights[row]) : 1.0;
        const T share = block.rows->weights ? T(weight / (block.total_weight * double(m))) : equal_share;
        double of_row = 0;
        for (int64_t j = 0; j < m; j++) {
            const T prediction = predictions[panels.at(r, j)], target = block.rows->Y[row * m + j];
            of_row += double(loss.value(prediction, target));
            gradient[panels.at(r, j)] = loss.derivative(prediction, target) * share;
        }
        sum += of_row * weight;
    }
    clear_padding(gradient, panels, block.count);
    return sum / (block.total_weight * double(m));
}

// gradient[j] (+)= the sum over rows of delta(r, j), for so many cache lines from column j on.
template <int LINES, class T>
FITNET_INLINE void sum_lines(const T* delta, Panels<T> panels, int64_t rows, T* gradient, bool fresh, int64_t j) {
    constexpr int PARTS = LINES * int(LINE_BYTES) / VECTOR_BYTES;
    Vector<T> sum[PARTS];
#pragma GCC unroll 16
    for (int i = 0; i < PARTS; i++) sum[i] = fresh ? Vector<T>{} : load(gradient + j + i * LANES<T>);
    const T* from = delta + panels.at(0, j);
    for (int64_t r = 0; r < rows; r++)
#pragma GCC unroll 16
        for (int i = 0; i < PARTS; i++) sum[i] += load(from + r * panels.stride() + i * LANES<T>);
#pragma GCC unroll 16
    for (int i = 0; i < PARTS; i++) store(gradient + j + i * LANES<T>, sum[i]);
}

// gradient[j] (+)= the sum over rows of delta(r, j).
template <class T>
static void sum_rows(const T* delta, Panels<T> panels, int64_t rows, T* gradient, bool fresh) {
    constexpr int LINES = int(PANEL<T> / LINE<T>);  // side by side, for a sum must wait for its last term
    int64_t j = 0;
    for (; j + PANEL<T> <= panels.width; j += PANEL<T>) sum_lines<LINES>(delta, panels, rows, gradient, fresh, j);
    for (; j < panels.width; j += LINE<T>) sum_lines<1>(delta, panels, rows, gradient, fresh, j);
}

template <class T>
static double train_block(const Plan<T>& plan, const LossSettings& settings, const T* parameters, const T* transposed,
                          const BlockRows<T>& block, T* scratch, T* gradient, bool fresh) {
    const int64_t L = int64_t(plan.layers.size()), rows = block.count;
    gather(plan, block, plan.activations(scratch, 0));
    if (block.order) prefetch(block.rows->Y, plan.outputs(), block);
    forward(plan, parameters, rows, scratch, true);
    T* delta = plan.gradients(scratch, 0);
    T* next = plan.gradients(scratch, 1);
    double loss = 0;
    with_loss<T>(settings, [&](const auto& pointwise) {
        loss = measure(plan, pointwise, block, plan.activations(scratch, L), delta);
    });
    apply_slope(plan, L - 1, rows, scratch, delta);
    for (int64_t l = L - 1;; l--) {
        const LayerPlan<T>& layer = plan.layers[size_t(l)];
        const Panels<T> in{plan.block_rows, layer.inputs}, out{plan.block_rows, layer.outputs};
        const T* a = plan.activations(scratch, l);
        sum_rows(delta, out, rows, gradient + layer.biases, fresh);
        if (layer.narrow)
            transposed_product(delta, out, a, in, gradient + layer.weights, layer.weight_panels(), rows, fresh);
        else
            transposed_product(a, in, delta, out, gradient + layer.weights, layer.weight_panels(), rows, fresh);
        if (l == 0) return loss;
        backward_layer(plan, parameters, transposed, l, rows, scratch, delta, next);
        T* done = delta;
        delta = next;
        next = done;
    }
}

template <class T>
static double measure_block(const Plan<T>& plan, const LossSettings& settings, const T* parameters,
                            const BlockRows<T>& block, T* scratch) {
    gather(plan, block, plan.activations(scratch, 0));
    forward(plan, parameters, block.count, scratch, false);
    const T* predictions = plan.activations(scratch, int64_t(plan.layers.size()));
    double loss = 0;
    with_loss<T>(settings, [&](const auto& pointwise) {
        loss = measure(plan, pointwise, block, predictions, plan.gradients(scratch, 0));
    });
    return loss;
}

template <class T>
static void predict_block(const Plan<T>& plan, const T* parameters, const T* X, int64_t rows, T* out, T* scratch) {
    const Rows<T> all{X, nullptr, nullptr, rows};
    gather(plan, BlockRows<T>{&all, nullptr, 0, rows, 1.0}, plan.activations(scratch, 0));
    forward(plan, parameters, rows, scratch, false);
    const Panels<T> panels{plan.block_rows, plan.outputs()};
    const T* a = plan.activations(scratch, int64_t(plan.layers.size()));
    for (int64_t r = 0; r < rows; r++)
        for (int64_t j = 0; j < plan.outputs(); j++) out[r * plan.outputs() + j] = a[panels.at(r, j)];
}

}  // namespace FITNET_LEVEL_NAME
}  // namespace fitnet
