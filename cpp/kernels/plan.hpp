// The plan: how one network's numbers lie in memory inside the engine. It depends on shapes alone.
//
// Weights are a matrix in panels (inputs x outputs). The weights of a narrow layer, with fewer outputs than a quarter
// of a cache line, are kept transposed (outputs x inputs), so that no vector is mostly padding.
#pragma once

#include <cstdint>
#include <vector>

#include "fitnet.hpp"
#include "kernels/pieces_plan.hpp"

namespace fitnet {

constexpr int64_t MOST_SLOTS = 32;                    // of a batch
constexpr int64_t MOST_SCRATCH = int64_t(256) << 20;  // bytes for a block of rows

template <class T>
struct LayerPlan {
    int64_t inputs;
    int64_t outputs;
    Activation activation;
    bool narrow;
    int64_t flat;        // where the layer begins in the user's parameter vector
    int64_t weights;     // where its weights begin in the engine's
    int64_t biases;      // (outputs, padded to whole lines)
    int64_t transposed;  // where (outputs x inputs) begins among the transposed weights; narrow layers: not there, and
                         // the first layer, which only derivatives with respect to the inputs need, behind all others
    int64_t inputs_at = 0;  // where its inputs begin in the scratch of a block
    int64_t slopes_at = 0;  // and da/dz of its outputs
    FITNET_INLINE Panels<T> weight_panels() const {
        return narrow ? Panels<T>{outputs, inputs} : Panels<T>{inputs, outputs};
    }
    FITNET_INLINE Panels<T> transposed_panels() const { return {outputs, inputs}; }

    // The weights among the engine's parameters, or their gradients among the gradients; a narrow layer's transposed.
    template <class Number>
    FITNET_INLINE Matrix<Number> weight_matrix(Number* parameters) const {
        return {parameters + weights, weight_panels(), weight_panels().rows};
    }
    // The same (outputs x inputs), whatever the layer.
    FITNET_INLINE Matrix<const T> transposed_matrix(const T* parameters, const T* transposed_weights) const {
        return {narrow ? parameters + weights : transposed_weights + transposed, transposed_panels(), outputs};
    }
};

template <class T>
struct Plan {
    std::vector<LayerPlan<T>> layers;
    PiecesPlan<T> pieces;  // of columns that the first layer reads encoded; its own inputs are then the columns' values
    int64_t n_flat;        // P
    int64_t n_parameters;  // the same with padding
    int64_t n_dense;       // without the weights of pieces, which lie behind all others
    int64_t n_transposed;  // without the first layer's
    int64_t block_rows;    // rows that pass through all layers together
    int64_t widest;        // numbers in the largest block of activations
    int64_t outputs_at;    // where the last layer's outputs begin in the scratch of a block
    int64_t gradients_at;  // and two buffers for gradients

    // `rows` sets block_rows; 0 lets the shapes decide. `counts` as TrainerSettings has them.
    explicit Plan(const Layers& shapes, int64_t rows = 0, const std::vector<int64_t>& counts = {})
        : pieces(counts, shapes.front().outputs), n_flat(0), n_parameters(0), n_transposed(0), block_rows(96),
          widest(0) {
        for (const Layer& shape : shapes) {
            const bool encoded = layers.empty() && !counts.empty();
            LayerPlan<T> layer{encoded ? int64_t(counts.size()) : shape.inputs,
                               shape.outputs,
                               shape.activation,
                               shape.outputs <= LINE<T> / 4 && !encoded,
                               n_flat,
                               n_parameters,
                               0,
                               n_transposed};
            n_flat += (shape.inputs + 1) * shape.outputs;
            n_parameters += layer.weight_panels().size();
            layer.biases = n_parameters;
            n_parameters += round_up(shape.outputs, LINE<T>);
            if (!layer.narrow && !layers.empty()) n_transposed += layer.transposed_panels().size();
            layers.push_back(layer);
        }
        layers.front().transposed = n_transposed;
        n_dense = n_parameters;
        pieces.weights_at = n_parameters;
        n_parameters += pieces.panels().size();
        // Larger layers are read from the outer caches: more rows a block share that cost.
        if (n_dense * int64_t(sizeof(T)) > 128 * 1024) block_rows = 192;
        if (rows > 0) block_rows = rows;
        lay_out_scratch();
        const int64_t bytes = n_scratch() * int64_t(sizeof(T));
        if (rows > 0 || bytes <= MOST_SCRATCH) return;
        block_rows = block_rows * MOST_SCRATCH / bytes;  // thousands of layers
        if (block_rows < 1) block_rows = 1;
        lay_out_scratch();
    }

    FITNET_INLINE int64_t inputs() const { return layers.front().inputs; }
    FITNET_INLINE int64_t row_size() const { return inputs() + 2 * pieces.n_columns(); }  // numbers in a row of X
    FITNET_INLINE int64_t outputs() const { return layers.back().outputs; }
    FITNET_INLINE int64_t depth() const { return int64_t(layers.size()); }
    FITNET_INLINE int64_t width(int64_t l) const { return l < depth() ? layers[size_t(l)].inputs : outputs(); }

    int64_t n_transposed_with_first() const {
        return n_transposed + (layers.front().narrow ? 0 : layers.front().transposed_panels().size());
    }

    // Multiply-adds, counted double, that one row costs in a step.
    double flops_a_row() const {
        double flops = 0;
        for (const LayerPlan<T>& layer : layers)
            flops += (&layer == &layers.front() ? 4.0 : 6.0) * layer.inputs * layer.outputs;
        return flops + 6.0 * pieces.n_columns() * layers.front().outputs;
    }
    // Into how many slots a batch is cut: by shape and batch alone, so that any number of threads sums alike.
    int64_t slots(int64_t batch) const {
        const double rows = 1.5e6 / flops_a_row();
        const int64_t least = rows < 16 ? 16 : rows > 64 ? 64 : int64_t(rows);
        const int64_t bytes = n_dense * int64_t(sizeof(T));  // of every slot's gradient, which is to be summed
        const int64_t most = bytes > 512 * 1024 ? 8 : bytes > 64 * 1024 ? 16 : MOST_SLOTS;
        const int64_t wanted = batch / least;
        return wanted < 1 ? 1 : wanted > most ? most : wanted;
    }

    // Scratch for one block: every layer's inputs and the outputs, a slope for each output, two gradients.
    int64_t n_scratch() const { return gradients_at + 2 * widest; }
    // Where it passes forward only: the inputs and the outputs of one layer, and one gradient.
    int64_t n_forward_scratch() const { return 3 * widest; }
    FITNET_INLINE int64_t activations_at(int64_t l) const {
        return l < depth() ? layers[size_t(l)].inputs_at : outputs_at;
    }

    // Calls `visit(first, last)` for every run of weights, without biases, among the parameters [begin, end).
    template <class Visit>
    void each_weights(int64_t begin, int64_t end, Visit visit) const {
        const auto within = [&](int64_t first, int64_t last) {
            first = first > begin ? first : begin;
            last = last < end ? last : end;
            if (first < last) visit(first, last);
        };
        for (const LayerPlan<T>& layer : layers) within(layer.weights, layer.biases);
        within(n_dense, n_parameters);
    }

    // Between the user's flat vector and the engine's padded one.
    template <class Visit>
    void each(Visit visit) const {
        for (const LayerPlan<T>& layer : layers) {
            const Panels<T> panels = layer.weight_panels();
            int64_t flat = layer.flat, piece = 0;
            for (int64_t k = 0; k < layer.inputs; k++) {
                for (int64_t j = 0; j < layer.outputs; j++)
                    visit(flat++, layer.weights + (layer.narrow ? panels.at(j, k) : panels.at(k, j)));
                if (&layer != &layers.front() || pieces.counts.empty()) continue;
                for (const int64_t end = piece + pieces.counts[size_t(k)]; piece < end; piece++)
                    for (int64_t j = 0; j < layer.outputs; j++)
                        visit(flat++, pieces.weights_at + pieces.panels().at(piece, j));
            }
            for (int64_t j = 0; j < layer.outputs; j++) visit(flat++, layer.biases + j);
        }
    }
    void pad(const T* flat, T* padded) const {
        for (int64_t i = 0; i < n_parameters; i++) padded[i] = 0;
        each([=](int64_t from, int64_t to) { padded[to] = flat[from]; });
    }
    void unpad(const T* padded, T* flat) const {
        each([=](int64_t to, int64_t from) { flat[to] = padded[from]; });
    }

private:
    void lay_out_scratch() {
        int64_t place = 0;
        widest = 0;
        const auto place_for = [&](int64_t width) {
            const int64_t begin = place, size = Panels<T>{block_rows, width}.size();
            widest = size > widest ? size : widest;
            place += size;
            return begin;
        };
        for (LayerPlan<T>& layer : layers) layer.inputs_at = place_for(layer.inputs);
        outputs_at = place_for(outputs());
        for (LayerPlan<T>& layer : layers) layer.slopes_at = place_for(layer.outputs);
        gradients_at = place;
    }
};

// The matrices of a block of rows: plan.n_scratch() numbers, or plan.n_forward_scratch() where it passes forward only.
template <class T>
struct Scratch {
    const Plan<T>& plan;
    T* numbers;
    int64_t rows;
    bool forward_only = false;  // no slopes; a layer's outputs take the place of the inputs of the layer before

    // The inputs of layer l, and as activations(L) the outputs.
    FITNET_INLINE Matrix<T> activations(int64_t l) const {
        return matrix(forward_only ? plan.widest * (l % 2) : plan.activations_at(l), l);
    }
    // da/dz of layer l where it cannot be read off a; they lie as activations(l + 1) do.
    FITNET_INLINE T* slopes(int64_t l) const { return numbers + plan.layers[size_t(l)].slopes_at; }
    // Derivatives that lie as activations(l) do; gradients(l + 2) share their buffer.
    FITNET_INLINE Matrix<T> gradients(int64_t l) const {
        return matrix(forward_only ? plan.widest * 2 : plan.gradients_at + plan.widest * (l % 2), l);
    }

private:
    FITNET_INLINE Matrix<T> matrix(int64_t begin, int64_t l) const {
        return {numbers + begin, {plan.block_rows, plan.width(l)}, rows};
    }
};

}  // namespace fitnet
