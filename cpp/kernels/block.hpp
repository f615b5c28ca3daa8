// A block of rows through all layers and back, while it is in the nearest caches.
//
// Anything may lie in the scratch before. Padding columns of activations and of kept slopes are zero after the forward
// pass; those of gradients that a narrow product reads are zero, too.
#pragma once

#include "kernels/activations.hpp"
#include "kernels/cross_entropy.hpp"
#include "kernels/dropout.hpp"
#include "kernels/encoded.hpp"
#include "kernels/level.hpp"
#include "kernels/losses.hpp"
#include "kernels/narrow_product.hpp"
#include "kernels/products.hpp"

namespace fitnet {
namespace FITNET_LEVEL_NAME {

// One layer of `forward`.
template <class T>
static void forward_layer(const Scratch<T>& scratch, const T* parameters, int64_t l, bool keep_slopes, bool to_z,
                          const BlockRows<T>* encoded) {
    const LayerPlan<T>& layer = scratch.plan.layers[size_t(l)];
    const Matrix<T> a = scratch.activations(l), z = scratch.activations(l + 1);
    const Matrix<const T> W = layer.weight_matrix(parameters);
    const T* b = parameters + layer.biases;
    if (layer.narrow) {
        narrow_product(a, W, z, b);
    } else if (l == 0 && encoded) {
        product(a, W, z, b, Plain<T>{});
        add_pieces(scratch.plan, parameters, *encoded, z);
    } else if (layer.activation == Activation::relu) {
        product(a, W, z, b, Relu<T>{});
        return clear_padding(z);
    } else {
        product(a, W, z, b, Plain<T>{});
    }
    const bool ends = to_z && l + 1 == scratch.plan.depth();
    activate(ends ? Activation::identity : layer.activation, z, keep_slopes ? scratch.slopes(l) : nullptr);
}

// `to_z`: the last layer ends at its pre-activations; not for relu. `encoded`: the rows, where columns are encoded.
// `dropping`: the rows, where units are dropped and slopes kept.
template <class T>
static void forward(const Scratch<T>& scratch, const T* parameters, bool keep_slopes, bool to_z = false,
                    const BlockRows<T>* encoded = nullptr, const BlockRows<T>* dropping = nullptr) {
    for (int64_t l = 0; l < scratch.plan.depth(); l++) {
        forward_layer(scratch, parameters, l, keep_slopes, to_z, encoded);
        if (dropping && l + 1 < scratch.plan.depth())
            drop_units(*dropping, l, scratch.plan.layers[size_t(l)].activation, scratch.activations(l + 1),
                       scratch.slopes(l));
    }
}

// Asks memory for rows that lie anywhere, so that it looks for many of them at once.
template <class T>
static void prefetch(const T* rows, int64_t width, const BlockRows<T>& block) {
    const int64_t most = 4 * LINE<T>;  // what is further on is asked for by the processor
    for (int64_t r = 0; r < block.count; r++)
        for (int64_t k = 0; k < width && k < most; k += LINE<T>) __builtin_prefetch(rows + block.order[r] * width + k);
}

// Rows of X into the first buffer of activations.
template <class T>
static void gather(const Scratch<T>& scratch, const BlockRows<T>& block) {
    const int64_t p = scratch.plan.inputs(), row_size = scratch.plan.row_size();
    const Matrix<T> to = scratch.activations(0);
    if (block.order) prefetch(block.rows->X, row_size, block);
    for (int64_t r = 0; r < block.count; r++) {
        const T* x = block.rows->X + block.row(r) * row_size;
        for (int64_t k = 0; k < p; k += PANEL<T>)
            for (int64_t i = 0; i < PANEL<T> && k + i < p; i++) to.panel(k / PANEL<T>, r)[i] = x[k + i];
    }
    clear_padding(to);
}

// All rows of X (rows, p).
template <class T>
static void gather(const Scratch<T>& scratch, const T* X) {
    const Rows<T> all{X, nullptr, nullptr, scratch.rows};
    gather(scratch, BlockRows<T>{&all, nullptr, 0, scratch.rows, 1.0});
}

// From derivatives with respect to the outputs of layer l to those with respect to its pre-activations, in place.
template <class T>
static void apply_slope(const Scratch<T>& scratch, int64_t l) {
    const Matrix<T> delta = scratch.gradients(l + 1);
    with_slope<T>(scratch.plan.layers[size_t(l)].activation, scratch.activations(l + 1).values, scratch.slopes(l),
                  delta.values, [&](const auto& slope) {
                      for (int64_t jp = 0; jp < delta.panels.count(); jp++)
                          for (int64_t i = 0; i < delta.rows * delta.stride(); i += LANES<T>) {
                              T* at = delta.panel(jp) + i;
                              store(at, slope(load(at), at));
                          }
                  });
}

// From derivatives with respect to the pre-activations of layer l > 0 to those of the layer before; where units were
// `dropped` its slopes are kept, whatever the activation.
template <class T>
static void backward_layer(const Scratch<T>& scratch, const T* parameters, const T* transposed, int64_t l,
                           bool dropped = false) {
    const Matrix<T> delta = scratch.gradients(l + 1), next = scratch.gradients(l);
    const Matrix<const T> W = scratch.plan.layers[size_t(l)].transposed_matrix(parameters, transposed);
    if (dropped) {
        const KeptSlope<T> kept{{scratch.slopes(l - 1), next.values}};
        return product(delta, W, next, NO_BIAS<T>, kept);
    }
    with_slope<T>(scratch.plan.layers[size_t(l - 1)].activation, scratch.activations(l).values, scratch.slopes(l - 1),
                  next.values, [&](const auto& slope) { product(delta, W, next, NO_BIAS<T>, slope); });
}

// Whether the loss takes the last layer's z: the network ends in its link.
template <class T>
static bool ends_in_link(const Plan<T>& plan, const LossSettings& settings) {
    return plan.layers.back().activation == link_of(settings.kind);
}

// The block's share of the loss of what the last layer gave; its derivative goes to `gradient`.
template <class T, class Pointwise>
static double measure(const Pointwise& loss, const BlockRows<T>& block, Matrix<T> outputs, Matrix<T> gradient) {
    const int64_t m = outputs.width();
    double sum = 0;
    const T equal_share = T(1.0 / (block.total_weight * double(m)));
    for (int64_t r = 0; r < block.count; r++) {
        const int64_t row = block.row(r);
        const double weight = block.rows->weights ? double(block.rows->weights[row]) : 1.0;
        if (weight == 0) {  // not even what is infinite has a say
            for (int64_t j = 0; j < m; j++) gradient.at(r, j) = 0;
            continue;
        }
        const T share = block.rows->weights ? T(weight / (block.total_weight * double(m))) : equal_share;
        double of_row = 0;
        for (int64_t j = 0; j < m; j++) {
            const T output = outputs.at(r, j), target = block.rows->Y[row * m + j];
            of_row += double(loss.value(output, target));
            gradient.at(r, j) = loss.derivative(output, target) * share;
        }
        sum += of_row * weight;
    }
    clear_padding(gradient);
    return sum / (block.total_weight * double(m));
}

// gradient[j] (+)= the sum over rows of delta(r, j), for so many cache lines from column j on.
template <int LINES, class T>
FITNET_INLINE void sum_lines(ConstMatrix<T> delta, T* gradient, bool fresh, int64_t j) {
    constexpr int PARTS = LINES * int(LINE_BYTES) / VECTOR_BYTES;
    Vector<T> sum[PARTS];
#pragma GCC unroll 16
    for (int i = 0; i < PARTS; i++) sum[i] = fresh ? Vector<T>{} : load(gradient + j + i * LANES<T>);
    const T* from = &delta.at(0, j);
    for (int64_t r = 0; r < delta.rows; r++)
#pragma GCC unroll 16
        for (int i = 0; i < PARTS; i++) sum[i] += load(from + r * delta.stride() + i * LANES<T>);
#pragma GCC unroll 16
    for (int i = 0; i < PARTS; i++) store(gradient + j + i * LANES<T>, sum[i]);
}

// gradient[j] (+)= the sum over rows of delta(r, j).
template <class T>
static void sum_rows(ConstMatrix<T> delta, T* gradient, bool fresh) {
    constexpr int LINES = int(PANEL<T> / LINE<T>);  // side by side, for a sum must wait for its last term
    int64_t j = 0;
    for (; j + PANEL<T> <= delta.width(); j += PANEL<T>) sum_lines<LINES>(delta, gradient, fresh, j);
    for (; j < delta.width(); j += LINE<T>) sum_lines<1>(delta, gradient, fresh, j);
    for (j = delta.width(); j < round_up(delta.width(), LINE<T>); j++) gradient[j] = 0;  // anything may lie there
}

// The block through all layers, and its share of the loss; its derivative with respect to what the loss takes, the
// outputs or the last layer's z, goes to the last gradients.
template <class T>
static double forward_to_loss(const Scratch<T>& scratch, const LossSettings& settings, const T* parameters,
                              const BlockRows<T>& block, bool keep_slopes) {
    const int64_t L = scratch.plan.depth();
    gather(scratch, block);
    if (block.order) prefetch(block.rows->Y, scratch.plan.outputs(), block);
    const bool on_link = ends_in_link(scratch.plan, settings);
    forward(scratch, parameters, keep_slopes, on_link, scratch.plan.pieces.n_columns() > 0 ? &block : nullptr,
            block.dropout ? &block : nullptr);
    double loss = 0;
    with_loss<T>(settings, on_link, [&](const auto& of_rows) {
        loss = measure(of_rows, block, scratch.activations(L), scratch.gradients(L));
    });
    return loss;
}

// As far as whole vectors reach: what lies beyond them in `from` is anything.
template <class T>
static void copy_delta(ConstMatrix<T> from, Matrix<T> to) {
    for (int64_t jp = 0; jp < to.panels.count(); jp++)
        for (int64_t r = 0; r < to.rows; r++)
            for (int64_t j = 0; j < to.panels.columns(jp); j += LANES<T>)
                store(to.panel(jp, r) + j, load(from.panel(jp, r) + j));
}

template <class T>
static double train_block(const Plan<T>& plan, const LossSettings& settings, const T* parameters, const T* transposed,
                          const BlockRows<T>& block, T* memory, T* gradient, bool fresh, Matrix<T> first_delta) {
    const Scratch<T> scratch{plan, memory, block.count};
    const int64_t L = plan.depth();
    const double loss = forward_to_loss(scratch, settings, parameters, block, true);
    if (!ends_in_link(plan, settings)) apply_slope(scratch, L - 1);
    for (int64_t l = L - 1;; l--) {
        const LayerPlan<T>& layer = plan.layers[size_t(l)];
        const Matrix<T> a = scratch.activations(l), delta = scratch.gradients(l + 1);
        sum_rows(delta, gradient + layer.biases, fresh);
        if (layer.narrow)
            transposed_product(delta, a, layer.weight_matrix(gradient), fresh);
        else
            transposed_product(a, delta, layer.weight_matrix(gradient), fresh);
        if (l == 0) {
            if (first_delta.rows > 0) copy_delta(delta, first_delta);
            return loss;
        }
        backward_layer(scratch, parameters, transposed, l, block.dropout != nullptr);
    }
}

// The derivative costs next to nothing, and the sum is the same to the bit: compilers fuse and reorder what is alike.
template <class T>
static double measure_block(const Plan<T>& plan, const LossSettings& settings, const T* parameters,
                            const BlockRows<T>& block, T* memory) {
    return forward_to_loss(Scratch<T>{plan, memory, block.count, true}, settings, parameters, block, false);
}

template <class T>
static void predict_block(const Plan<T>& plan, const T* parameters, const T* X, int64_t rows, T* out, T* memory) {
    const Scratch<T> scratch{plan, memory, rows, true};
    gather(scratch, X);
    forward(scratch, parameters, false);
    const Matrix<T> y = scratch.activations(plan.depth());
    for (int64_t r = 0; r < rows; r++)
        for (int64_t j = 0; j < plan.outputs(); j++) out[r * plan.outputs() + j] = y.at(r, j);
}

}  // namespace FITNET_LEVEL_NAME
}  // namespace fitnet
