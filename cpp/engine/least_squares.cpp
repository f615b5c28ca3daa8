// The normal equations of least squares on a network's parameters, a chunk of rows after the other.
//
// In every chunk each pair of layers has a product of two matrices to add to its sums: products of inputs by products
// of outputs, see outer_products.hpp. Threads take the blocks of rows to be differentiated, then panels of outputs'
// products, then tiles of the sums. Each number is summed by one thread at a time, over the rows as they lie.
#include <algorithm>
#include <chrono>
#include <memory>
#include <vector>

#include "engine/buffer.hpp"
#include "engine/layer_pairs.hpp"
#include "engine/thread_pool.hpp"
#include "kernels/level.hpp"

namespace fitnet {

namespace {

using Clock = std::chrono::steady_clock;
constexpr auto PATIENCE = std::chrono::milliseconds(20);  // between two questions whether to go on
constexpr int64_t BLOCK = 64;                             // rows that pass through the nearest caches together
constexpr int64_t CHUNK = 512;                            // rows whose products are in memory together
constexpr int64_t ROWS_AT_ONCE = 8;                       // of J^T J that one thread writes

template <class T>
class NormalSums {
public:
    NormalSums(const Layers& shapes, const T* parameters, const Rows<T>& rows, Threads allowed, bool of_classes)
        : plan_(shapes, BLOCK), kernels_(kernels<T>()), rows_(rows), of_classes_(of_classes),
          chunk_(std::min(CHUNK, round_up(rows.n, BLOCK))), parameters_(plan_.n_parameters),
          transposed_(plan_.n_transposed) {
        plan_.pad(parameters, parameters_.get());
        for (size_t l = 1; l < plan_.layers.size(); l++)
            for (int64_t panel = 0; !layer(l).narrow && panel < layer(l).weight_panels().count(); panel++)
                kernels_.transpose(layer(l), parameters_.get(), transposed_.get(), panel);
        keep_rows();
        work_.pair(layer_rows_, chunk_, !of_classes);
        products_.at_least(work_.most_products);
        sums_.at_least(work_.n_sums);
        block_squares_.resize(size_t(chunk_ / BLOCK));
        threads_ =
            useful_threads(allowed, std::max<int64_t>(2, 2 * chunk_ / BLOCK), work_.flops_a_row() * double(rows.n));
        for (int i = 0; i < threads_; i++)
            scratch_.push_back(std::make_unique<Buffer<T>>(std::max(plan_.n_scratch(), BLOCK * INPUT_STRIDE<T>)));
    }

    int threads() const { return threads_; }
    int64_t chunk() const { return chunk_; }
    double sum_of_squares() const { return sum_of_squares_; }

    // Rows [first, first + chunk), as far as there are so many.
    void add_chunk(Rounds& rounds, int64_t first) {
        const int64_t rows = std::min(chunk_, rows_.n - first), blocks = (rows + BLOCK - 1) / BLOCK;
        rounds.lead(blocks, [&](int thread, int64_t block) {
            const int64_t begin = block * BLOCK;
            const BlockRows<T> of{&rows_, nullptr, first + begin, std::min(BLOCK, rows - begin), 0};
            T* scratch = scratch_[size_t(thread)]->get();
            if (of_classes_)
                kernels_.differentiate_classes(plan_, parameters_.get(), transposed_.get(), of, scratch,
                                               layer_rows_.data(), begin);
            else
                block_squares_[size_t(block)] = kernels_.differentiate_block(
                    plan_, parameters_.get(), transposed_.get(), of, scratch, layer_rows_.data(), begin);
        });
        for (int64_t block = 0; block < blocks; block++) sum_of_squares_ += block_squares_[size_t(block)];
        for (const Group& group : work_.groups) {
            rounds.lead(int64_t(group.form.size()), [&](int, int64_t i) { form(group.form[size_t(i)], rows); });
            rounds.lead(int64_t(group.add.size()), [&](int thread, int64_t i) {
                add(group.add[size_t(i)], rows, scratch_[size_t(thread)]->get());
            });
        }
        if (of_classes_) return;
        rounds.lead(int64_t(plan_.layers.size()), [&](int, int64_t l) { add_gradient(size_t(l), rows); });
    }

    // J^T J (P, P) and J^T r (P), which may be null, in the user's order of parameters.
    void write(Rounds& rounds, T* JtJ, T* Jtr) const {
        for (size_t l = 0; Jtr && l < plan_.layers.size(); l++)
            for (int64_t i = 0; i <= layer(l).inputs; i++)
                std::copy_n(gradient_.get() + gradients_[l] + i * layer_rows_[l].output_stride, layer(l).outputs,
                            Jtr + layer(l).flat + i * layer(l).outputs);
        const int64_t P = plan_.n_flat;
        rounds.lead((P + ROWS_AT_ONCE - 1) / ROWS_AT_ONCE, [&](int, int64_t task) {
            for (int64_t row = task * ROWS_AT_ONCE; row < std::min(P, (task + 1) * ROWS_AT_ONCE); row++)
                write_row(row, JtJ + row * P);
        });
    }

private:
    const LayerPlan<T>& layer(size_t l) const { return plan_.layers[l]; }

    // Room for what a chunk contributes to every layer, and for its part of J^T r.
    void keep_rows() {
        int64_t gradient = 0;
        for (const LayerPlan<T>& of : plan_.layers) {
            const int64_t in = round_up(of.inputs + 1, LINE<T>) + LINE<T>;
            const int64_t out = round_up(of.outputs, LINE<T>) + LINE<T>, derivatives = plan_.outputs() * out;
            row_numbers_.push_back(
                std::make_unique<Buffer<T>>(chunk_ * (in + out + (rows_.weights ? 2 : 1) * derivatives)));
            T* u = row_numbers_.back()->get();
            T* residual = u + chunk_ * in;
            T* d = residual + chunk_ * out;
            T* weighted = rows_.weights ? d + chunk_ * derivatives : d;
            layer_rows_.push_back({of.inputs + 1, of.outputs, in, out, u, d, weighted, residual});
            gradients_.push_back(gradient);
            gradient += (of.inputs + 1) * out;
        }
        gradient_.at_least(gradient);
    }

    T* products(const LayerPair<T>& pair, int64_t panel) const {
        return products_.get() + pair.products + panel * chunk_ * OUTPUT_STRIDE<T>;
    }
    // One panel of the products of two layers' outputs.
    void form(const Task& task, int64_t rows) const {
        const LayerPair<T>& pair = work_.pairs[size_t(task.pair)];
        const LayerRows<T>&a = layer_rows_[size_t(pair.first)], &b = layer_rows_[size_t(pair.second)];
        const int64_t m = plan_.outputs(), first = task.panel * PANEL<T>;
        const int64_t last = std::min(first + PANEL<T>, pair.outputs.count());
        const Factor<T> left{a.weighted, m * a.output_stride, a.output_stride};
        const Factor<T> right{b.d, m * b.output_stride, b.output_stride};
        for (int64_t r = 0; r < rows; r += BLOCK)
            kernels_.outer_products(pair.outputs, left.from(r), right.from(r), m, std::min(BLOCK, rows - r), first,
                                    last, products(pair, task.panel) + r * OUTPUT_STRIDE<T>, OUTPUT_STRIDE<T>);
    }

    // One tile of the sums; the products of its inputs are formed in `scratch`.
    void add(const Task& task, int64_t rows, T* scratch) const {
        const LayerPair<T>& pair = work_.pairs[size_t(task.pair)];
        const LayerRows<T>&a = layer_rows_[size_t(pair.first)], &b = layer_rows_[size_t(pair.second)];
        const Panels<T> panels = pair.panels();
        const Factor<T> left{a.u, a.input_stride, 0}, right{b.u, b.input_stride, 0};
        for (int64_t r = 0; r < rows; r += BLOCK) {
            const int64_t count = std::min(BLOCK, rows - r);
            kernels_.outer_products(pair.inputs, left.from(r), right.from(r), 1, count, task.input, task.last_input,
                                    scratch, INPUT_STRIDE<T>);
            for (int64_t panel = task.panel; panel < task.last_panel; panel++)
                kernels_.add_transposed_product(
                    scratch, INPUT_STRIDE<T>, task.last_input - task.input,
                    products(pair, panel) + r * OUTPUT_STRIDE<T>, OUTPUT_STRIDE<T>, panels.columns(panel),
                    sums_.get() + pair.sums + panels.at(task.input, panel * PANEL<T>), panels.stride(), count);
        }
    }

    void add_gradient(size_t l, int64_t rows) const {
        const LayerRows<T>& of = layer_rows_[l];
        for (int64_t j = 0; j < of.outputs; j += PANEL<T>)
            kernels_.add_transposed_product(of.u, of.input_stride, of.inputs, of.residual + j, of.output_stride,
                                            std::min(PANEL<T>, of.outputs - j), gradient_.get() + gradients_[l] + j,
                                            of.output_stride, rows);
    }

    // One row of J^T J, (P).
    void write_row(int64_t row, T* to) const {
        size_t l = 0;
        while (row >= layer(l).flat + layer_rows_[l].inputs * layer(l).outputs) l++;
        const int64_t j = (row - layer(l).flat) / layer(l).outputs, k = (row - layer(l).flat) % layer(l).outputs;
        for (size_t other = 0; other < plan_.layers.size(); other++)
            for (int64_t i = 0; i < layer_rows_[other].inputs; i++, to += layer(other).outputs)
                write_run(l, j, k, other, i, to);
    }

    // Entries (l, j, k) x (other, i, 0), (other, i, 1), ... of J^T J, one for each of the other layer's outputs.
    void write_run(size_t l, int64_t j, int64_t k, size_t other, int64_t i, T* to) const {
        const size_t first = std::min(l, other), second = std::max(l, other);
        const LayerPair<T>& pair = work_.pairs[second * (second + 1) / 2 + first];
        const Panels<T> panels = pair.panels();
        const bool swapped = l == other ? i < j : other < l;
        const T* sums =
            sums_.get() + pair.sums + (swapped ? pair.inputs.at(i, j) : pair.inputs.at(j, i)) * panels.stride();
        const auto sum = [&](int64_t place) { return sums[panels.at(0, place)]; };
        const int64_t count = layer(other).outputs;
        if (pair.outputs.pairs == Pairs::diagonal) {
            for (int64_t q = 0; q < count; q++) to[q] = q == k ? sum(q) : T(0);
        } else if (other < l) {
            for (int64_t q = 0; q < count; q++) to[q] = sum(pair.outputs.at(q, k));
        } else {  // side by side from (k, first) on
            const int64_t start = l == other ? k : 0;
            for (int64_t q = 0; q < start; q++) to[q] = sum(pair.outputs.at(q, k));
            for (int64_t q = start; q < count;) {
                const int64_t place = pair.outputs.at(k, q), run = std::min(count - q, PANEL<T> - place % PANEL<T>);
                std::copy_n(&sums[panels.at(0, place)], run, to + q);
                q += run;
            }
        }
    }

    const Plan<T> plan_;
    const Level<T>& kernels_;
    const Rows<T> rows_;
    const bool of_classes_;
    const int64_t chunk_;
    int threads_ = 1;
    Buffer<T> parameters_;
    Buffer<T> transposed_;
    std::vector<std::unique_ptr<Buffer<T>>> row_numbers_;
    std::vector<LayerRows<T>> layer_rows_;  // in `row_numbers_`
    std::vector<int64_t> gradients_;        // where every layer's part of `gradient_` begins
    PairedLayers<T> work_;
    std::vector<double> block_squares_;
    std::vector<std::unique_ptr<Buffer<T>>> scratch_;
    Buffer<T> products_;
    Buffer<T> sums_;
    Buffer<T> gradient_;  // (inputs, output_stride) of each layer
    double sum_of_squares_ = 0;
};

template <class T>
bool summed(NormalSums<T>& sums, int64_t n, T* JtJ, T* Jtr, const KeepGoing& keep_going) {
    bool going = true;
    with_helpers(sums.threads(), 0, [&](Rounds& rounds) {
        auto asked = Clock::now() - PATIENCE;  // at once, and then from time to time
        for (int64_t first = 0; first < n && going; first += sums.chunk()) {
            sums.add_chunk(rounds, first);
            if (Clock::now() - asked < PATIENCE) continue;
            going = keep_going();
            asked = Clock::now();
        }
        if (going) sums.write(rounds, JtJ, Jtr);
    });
    return going;
}

}  // namespace

template <class T>
bool normal_equations(const Layers& layers, const T* parameters, const Rows<T>& rows, NormalEquations<T>& equations,
                      Threads threads, const KeepGoing& keep_going) {
    NormalSums<T> sums(layers, parameters, rows, threads, false);
    const bool whole = summed(sums, rows.n, equations.JtJ, equations.Jtr, keep_going);
    equations.sum_of_squares = sums.sum_of_squares();
    return whole;
}

template <class T>
bool class_curvature(const Layers& layers, const T* parameters, const Rows<T>& rows, T* matrix, Threads threads,
                     const KeepGoing& keep_going) {
    NormalSums<T> sums(layers, parameters, rows, threads, true);
    return summed<T>(sums, rows.n, matrix, nullptr, keep_going);
}

#define FITNET_INSTANTIATE(T)                                                                                \
    template bool normal_equations<T>(const Layers&, const T*, const Rows<T>&, NormalEquations<T>&, Threads, \
                                      const KeepGoing&);                                                     \
    template bool class_curvature<T>(const Layers&, const T*, const Rows<T>&, T*, Threads, const KeepGoing&);
FITNET_INSTANTIATE(float)
FITNET_INSTANTIATE(double)

}  // namespace fitnet
