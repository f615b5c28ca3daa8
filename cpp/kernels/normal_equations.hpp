// The normal equations of a chunk of rows: every layer's numbers, their products and the products' sums.
//
// Every sum is one chain of fused multiply-adds in ascending order of the rows, or of the outputs, so that neither the
// threads nor the chunks change a bit.
#pragma once

#include "kernels/jacobian.hpp"
#include "kernels/outer_products.hpp"

namespace fitnet {
namespace FITNET_LEVEL_NAME {

// Calls use(column, numbers) for row r of a matrix, a vector at a time.
template <class T, class Use>
static inline void each_vector_of_row(Matrix<const T> from, int64_t r, const Use& use) {
    for (int64_t jp = 0; jp < from.panels.count(); jp++)
        for (int64_t j = 0; j < from.stride() && jp * PANEL<T> + j < from.width(); j += LANES<T>)
            use(jp * PANEL<T> + j, load(from.panel(jp, r) + j));
}

// The layer's inputs and the 1 for its biases, to the chunk's rows from `first` on.
template <class T>
static void keep_inputs(Matrix<const T> a, const LayerRows<T>& layer, int64_t first) {
    for (int64_t r = 0; r < a.rows; r++) {
        T* u = layer.u + (first + r) * layer.input_stride;
        each_vector_of_row(a, r, [&](int64_t j, Vector<T> numbers) { store(u + j, numbers); });
        u[a.width()] = 1;
    }
}

// Targets (rows, m) and weights (rows) or null, as they lie.
template <class T>
struct Wanted {
    const T* targets;
    const T* weights;
    T weight(int64_t r) const { return weights ? weights[r] : T(1); }
    T residual(Matrix<const T> predictions, int64_t r, int64_t o) const {
        return predictions.at(r, o) - targets[r * predictions.width() + o];
    }
    double sum_of_squares(Matrix<const T> predictions) const {
        double sum = 0;
        for (int64_t r = 0; r < predictions.rows; r++) {
            double of_row = 0;
            for (int64_t o = 0; o < predictions.width(); o++) {
                const double difference = double(residual(predictions, r, o));
                of_row += difference * difference;
            }
            sum += double(weight(r)) * of_row;
        }
        return sum;
    }
};

// dy_o/dz of one layer, what is weighted of it, and its share in the sum over outputs of it times the residuals.
template <class T>
static void keep_derivatives(Matrix<const T> delta, Matrix<const T> predictions, const Wanted<T>& wanted, int64_t o,
                             const LayerRows<T>& layer, int64_t first) {
    for (int64_t r = 0; r < delta.rows; r++) {
        const int64_t place = ((first + r) * predictions.width() + o) * layer.output_stride;
        T* sums = layer.residual + (first + r) * layer.output_stride;
        const T weight = wanted.weight(r), residual = weight * wanted.residual(predictions, r, o);
        each_vector_of_row(delta, r, [&](int64_t j, Vector<T> d) {
            store(layer.d + place + j, d);
            if (wanted.weights) store(layer.weighted + place + j, Vector<T>(d * weight));
            Vector<T> so_far = o == 0 ? Vector<T>{} : load(sums + j);
            so_far += d * residual;
            store(sums + j, so_far);
        });
    }
}

// The block's rows of every layer, from row `first` of the chunk on; returns their sum of squared residuals.
template <class T>
static double differentiate_block(const Plan<T>& plan, const T* parameters, const T* transposed,
                                  const BlockRows<T>& block, T* memory, const LayerRows<T>* layers, int64_t first) {
    const Scratch<T> scratch{plan, memory, block.count};
    gather(scratch, block);
    forward(scratch, parameters, true);
    for (int64_t l = 0; l < plan.depth(); l++) keep_inputs<T>(scratch.activations(l), layers[l], first);
    const Matrix<const T> predictions = scratch.activations(plan.depth());
    const Wanted<T> wanted{block.rows->Y + block.first * plan.outputs(),
                           block.rows->weights ? block.rows->weights + block.first : nullptr};
    for (int64_t o = 0; o < plan.outputs(); o++)
        backward_from(scratch, parameters, transposed, o, [&](int64_t l, Matrix<const T> delta) {
            keep_derivatives(delta, predictions, wanted, o, layers[l], first);
        });
    return wanted.sum_of_squares(predictions);
}

// The same for the curvature of the cross-entropy: in place of the outputs' derivatives those of the rows of its root.
template <class T>
static void differentiate_classes(const Plan<T>& plan, const T* parameters, const T* transposed,
                                  const BlockRows<T>& block, T* memory, const LayerRows<T>* layers, int64_t first) {
    const Scratch<T> scratch{plan, memory, block.count};
    gather(scratch, block);
    forward(scratch, parameters, true);
    for (int64_t l = 0; l < plan.depth(); l++) keep_inputs<T>(scratch.activations(l), layers[l], first);
    const Matrix<T> roots = scratch.activations(plan.depth());
    to_roots(roots);
    const T* weights = block.rows->weights ? block.rows->weights + block.first : nullptr;
    for (int64_t o = 0; o < plan.outputs(); o++)
        backward_from_seed(
            scratch, parameters, transposed,
            [&](Matrix<T> seeds) { seed_classes<T>(Matrix<const T>(roots), o, seeds); },
            [&](int64_t l, Matrix<const T> delta) {
                for (int64_t r = 0; r < delta.rows; r++) {
                    const int64_t place = ((first + r) * plan.outputs() + o) * layers[l].output_stride;
                    each_vector_of_row(delta, r, [&](int64_t j, Vector<T> d) {
                        store(layers[l].d + place + j, d);
                        if (weights) store(layers[l].weighted + place + j, Vector<T>(d * weights[r]));
                    });
                }
            });
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
