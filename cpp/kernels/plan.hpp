// The plan: how one network's numbers lie in memory inside the engine. It depends on shapes alone.
//
// A matrix of `rows` x `width` is kept in panels of at most PANEL columns, one panel after the other, each row of a
// panel padded with zeros to whole cache lines: a panel's rows then lie side by side, whatever the width.
// Weights are such a matrix (inputs x outputs). The weights of a narrow layer, with fewer outputs than a quarter of a
// cache line, are kept transposed (outputs x inputs), so that no vector is mostly padding.
#pragma once

#include <cstdint>
#include <vector>

#include "fitnet.hpp"

namespace fitnet {

constexpr int64_t LINE_BYTES = 64;
template <class T>
constexpr int64_t LINE = LINE_BYTES / int64_t(sizeof(T));  // numbers in a cache line: 16 or 8
template <class T>
constexpr int64_t PANEL = 4 * LINE<T>;

constexpr int64_t MOST_SLOTS = 32;  // of a batch

// What is small and called from code compiled for one instruction set stays in that code.
#define FITNET_INLINE inline __attribute__((always_inline))

FITNET_INLINE constexpr int64_t round_up(int64_t x, int64_t multiple) {
    return (x + multiple - 1) / multiple * multiple;
}

// The shape of a matrix in panels.
template <class T>
struct Panels {
    int64_t rows;
    int64_t width;
    FITNET_INLINE int64_t stride() const { return width < PANEL<T> ? round_up(width, LINE<T>) : PANEL<T>; }
    FITNET_INLINE int64_t count() const { return (width + PANEL<T> - 1) / PANEL<T>; }
    FITNET_INLINE int64_t size() const { return count() * rows * stride(); }
    FITNET_INLINE int64_t panel(int64_t i) const { return i * rows * stride(); }  // where panel i begins
    FITNET_INLINE int64_t columns(int64_t i) const {                              // of panel i, without its padding
        return i + 1 < count() ? PANEL<T> : width - i * PANEL<T>;
    }
    FITNET_INLINE int64_t at(int64_t row, int64_t column) const {
        return panel(column / PANEL<T>) + row * stride() + column % PANEL<T>;
    }
};

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
    FITNET_INLINE Panels<T> weight_panels() const {
        return narrow ? Panels<T>{outputs, inputs} : Panels<T>{inputs, outputs};
    }
    FITNET_INLINE Panels<T> transposed_panels() const { return {outputs, inputs}; }
};

template <class T>
struct Plan {
    std::vector<LayerPlan<T>> layers;
    int64_t n_flat;        // P
    int64_t n_parameters;  // the same with padding
    int64_t n_transposed;  // without the first layer's
    int64_t block_rows;    // rows that pass through all layers together
    int64_t widest;        // numbers in the largest block of activations

    // `rows` sets block_rows; 0 lets the shapes decide.
    explicit Plan(const Layers& shapes, int64_t rows = 0)
        : n_flat(0), n_parameters(0), n_transposed(0), block_rows(96), widest(0) {
        for (const Layer& shape : shapes) {
            LayerPlan<T> layer{
                shape.inputs, shape.outputs, shape.activation, shape.outputs <= LINE<T> / 4, n_flat, n_parameters, 0,
                n_transposed};
            n_flat += (shape.inputs + 1) * shape.outputs;
            n_parameters += layer.weight_panels().size();
            layer.biases = n_parameters;
            n_parameters += round_up(shape.outputs, LINE<T>);
            if (!layer.narrow && !layers.empty()) n_transposed += layer.transposed_panels().size();
            layers.push_back(layer);
        }
        layers.front().transposed = n_transposed;
        // Larger layers are read from the outer caches: more rows a block share that cost.
        if (n_parameters * int64_t(sizeof(T)) > 128 * 1024) block_rows = 192;
        if (rows > 0) block_rows = rows;
        for (const Layer& shape : shapes)
            for (int64_t width : {shape.inputs, shape.outputs}) {
                int64_t size = Panels<T>{block_rows, width}.size();
                widest = size > widest ? size : widest;
            }
    }

    int64_t inputs() const { return layers.front().inputs; }
    int64_t outputs() const { return layers.back().outputs; }

    int64_t n_transposed_with_first() const {
        return n_transposed + (layers.front().narrow ? 0 : layers.front().transposed_panels().size());
    }

    // Multiply-adds, counted double, that one row costs in a step.
    double flops_a_row() const {
        double flops = 0;
        for (const LayerPlan<T>& layer : layers)
            flops += (&layer == &layers.front() ? 4.0 : 6.0) * layer.inputs * layer.outputs;
        return flops;
    }
    // Into how many slots a batch is cut: by shape and batch alone, so that any number of threads sums alike.
    int64_t slots(int64_t batch) const {
        const double rows = 1.5e6 / flops_a_row();
        const int64_t least = rows < 16 ? 16 : rows > 64 ? 64 : int64_t(rows);
        const int64_t bytes = n_parameters * int64_t(sizeof(T));  // of every slot's gradient, which is to be summed
        const int64_t most = bytes > 512 * 1024 ? 8 : bytes > 64 * 1024 ? 16 : MOST_SLOTS;
        const int64_t wanted = batch / least;
        return wanted < 1 ? 1 : wanted > most ? most : wanted;
    }

    // Scratch for one block: every layer's input and the outputs, a slope for each output, two gradients.
    int64_t n_scratch() const { return widest * (2 * int64_t(layers.size()) + 3); }
    T* activations(T* scratch, int64_t layer) const { return scratch + widest * layer; }
    T* slopes(T* scratch, int64_t layer) const { return scratch + widest * (int64_t(layers.size()) + 1 + layer); }
    T* gradients(T* scratch, int64_t which) const {
        return scratch + widest * (2 * int64_t(layers.size()) + 1 + which);
    }

    // Calls `visit(first, last)` for every run of weights, without biases, among the parameters [begin, end).
    template <class Visit>
    void each_weights(int64_t begin, int64_t end, Visit visit) const {
        for (const LayerPlan<T>& layer : layers) {
            const int64_t first = layer.weights > begin ? layer.weights : begin;
            const int64_t last = layer.biases < end ? layer.biases : end;
            if (first < last) visit(first, last);
        }
    }

    // Between the user's flat vector and the engine's padded one.
    template <class Visit>
    void each(Visit visit) const {
        for (const LayerPlan<T>& layer : layers) {
            Panels<T> panels = layer.weight_panels();
            for (int64_t k = 0; k < layer.inputs; k++)
                for (int64_t j = 0; j < layer.outputs; j++)
                    visit(layer.flat + k * layer.outputs + j,
                          layer.weights + (layer.narrow ? panels.at(j, k) : panels.at(k, j)));
            for (int64_t j = 0; j < layer.outputs; j++)
                visit(layer.flat + layer.inputs * layer.outputs + j, layer.biases + j);
        }
    }
    void pad(const T* flat, T* padded) const {
        for (int64_t i = 0; i < n_parameters; i++) padded[i] = 0;
        each([=](int64_t from, int64_t to) { padded[to] = flat[from]; });
    }
    void unpad(const T* padded, T* flat) const {
        each([=](int64_t to, int64_t from) { flat[to] = padded[from]; });
    }
};

}  // namespace fitnet
