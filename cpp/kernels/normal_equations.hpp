// The normal equations of a chunk of rows: every layer's numbers, their products and the products' sums.
//
// Every sum is one chain of fused multiply-adds in ascending order of the rows, or of the outputs, so that neither the
// threads nor the chunks change a bit.
#pragma once

#include "kernels/jacobian.hpp"
#include "kernels/outer_products.hpp"

namespace fitnet {
namespace FITNET_LEVEL_NAME {

// Calls use(column, numbers) for row r of a matrix in panels, a vector at a time.
template <class T, class Use>
static inline void each_vector_of_row(const T* from, Panels<T> panels, int64_t r, const Use& use) {
    for (int64_t jp = 0; jp < panels.count(); jp++)
        for (int64_t j = 0; j < panels.stride() && jp * PANEL<T> + j < panels.width; j += LANES<T>)
            use(jp * PANEL<T> + j, load(from + panels.panel(jp) + r * panels.stride() + j));
}

// The block's rows of every layer, from row `first` of the chunk on; returns their sum of squared residuals.
template <class T>
static double differentiate_block(const Plan<T>& plan, const T* parameters, const T* transposed,
                                  const BlockRows<T>& block, T* scratch, const LayerRows<T>* layers, int64_t first) {
    const int64_t L = int64_t(plan.layers.size()), m = plan.outputs(), rows = block.count;
    gather(plan, block, plan.activations(scratch, 0));
    forward(plan, parameters, rows, scratch, true);
    for (int64_t l = 0; l < L; l++) {
        const Panels<T> in{plan.block_rows, plan.layers[size_t(l)].inputs};
        for (int64_t r = 0; r < rows; r++) {
            T* u = layers[l].u + (first + r) * layers[l].input_stride;
            each_vector_of_row(plan.activations(scratch, l), in, r, [&](int64_t j, Vector<T> a) { store(u + j, a); });
            u[in.width] = 1;
        }
    }
    const Panels<T> outputs{plan.block_rows, m};
    const T* predictions = plan.activations(scratch, L);
    const T* targets = block.rows->Y + block.first * m;
    const T* weights = block.rows->weights ? block.rows->weights + block.first : nullptr;
    double sum = 0;
    for (int64_t r = 0; r < rows; r++) {
        double of_row = 0;
        for (int64_t o = 0; o < m; o++) {
            const double residual = double(predictions[outputs.at(r, o)] - targets[r * m + o]);
            of_row += residual * residual;
        }
        const double weight = weights ? double(weights[r]) : 1.0;
        sum += weight * of_row;
    }
    for (int64_t o = 0; o < m; o++)
        backward_from(plan, parameters, transposed, o, rows, scratch, [&](int64_t l, const T* delta, T*) {
            const LayerRows<T>& layer = layers[l];
            const Panels<T> out{plan.block_rows, layer.outputs};
            for (int64_t r = 0; r < rows; r++) {
                const int64_t place = ((first + r) * m + o) * layer.output_stride;
                T* sums = layer.residual + (first + r) * layer.output_stride;
                const T weight = weights ? weights[r] : T(1);
                const T residual = weight * (predictions[outputs.at(r, o)] - targets[r * m + o]);
                each_vector_of_row(delta, out, r, [&](int64_t j, Vector<T> d) {
                    store(layer.d + place + j, d);
                    if (weights) store(layer.weighted + place + j, Vector<T>(d * weight));
                    Vector<T> so_far = o == 0 ? Vector<T>{} : load(sums + j);
                    so_far += d * residual;
                    store(sums + j, so_far);
                });
            }
        });
    return sum;
}

template <class T>
static inline void add_term(T x, const T* b, T* products, int64_t count) {
    for (int64_t t = 0; t < count; t += LANES<T>) {
        Vector<T> sum = load(products + t);
        sum += x * load(b + t);
        store(products + t, sum);
    }
}

// The products [first, last) of `outer`, each the sum over so many terms, for so many rows, to a matrix (rows, stride)
// that has room for a vector beyond last - first.
template <class T>
static void outer_products(const Outer& outer, const Factor<T>& left, const Factor<T>& right, int64_t terms,
                           int64_t rows, int64_t first, int64_t last, T* to, int64_t stride) {
    outer.each_run(first, last, [&](int64_t i, int64_t j, int64_t count, int64_t place) {
        for (int64_t r = 0; r < rows; r++) {  // the next run overwrites what goes beyond the end of this
            const T* a = left.values + r * left.row + i;
            const T* b = right.values + r * right.row + j;
            T* products = to + r * stride + place - first;
            const Vector<T> x = broadcast(*a);
            for (int64_t t = 0; t < count; t += LANES<T>) store(products + t, Vector<T>(x * load(b + t)));
            for (int64_t o = 1; o < terms; o++) add_term(a[o * left.term], b + o * right.term, products, count);
        }
    });
}

// C (a_columns x b_columns), in rows of c_row, += transpose of A (rows x a_columns) * B (rows x b_columns), which is
// at most a panel wide.
template <class T>
static void add_transposed_product(const T* a, int64_t a_row, int64_t a_columns, const T* b, int64_t b_row,
                                   int64_t b_columns, T* c, int64_t c_row, int64_t rows) {
    multiply(Product<T>{a, 1, a_row, b, b_row, c, c_row, nullptr, rows, a_columns, b_columns}, Plain<T>{});
}

}  // namespace FITNET_LEVEL_NAME
}  // namespace fitnet
