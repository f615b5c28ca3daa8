// How a network's second derivatives lie in memory: a matrix has a row for each neuron, and the rows of X side by side.
//
// A lane then computes one row of X from beginning to end, and no sum runs across lanes: neither the rows beside it nor
// the vectors' width change a bit.
#pragma once

#include <vector>

#include "kernels/plan.hpp"

namespace fitnet {

template <class T>
struct HessianPlan {
    const Layers& layers;
    int64_t p, m;
    int64_t neurons = 0;  // of all layers
    int64_t widest;       // entries of the longest row of activations
    int64_t block_rows;   // of X that pass through all layers together: whole cache lines, at most a panel
    std::vector<int64_t>
        flat;  // where each layer begins among the parameters: weights (inputs, outputs), biases (outputs)
    std::vector<int64_t> first;  // where each layer's neurons begin among all

    explicit HessianPlan(const Layers& shapes)
        : layers(shapes), p(shapes.front().inputs), m(shapes.back().outputs), widest(p) {
        int64_t parameters = 0;
        for (const Layer& layer : shapes) {
            flat.push_back(parameters);
            first.push_back(neurons);
            parameters += (layer.inputs + 1) * layer.outputs;
            neurons += layer.outputs;
            widest = widest > layer.outputs ? widest : layer.outputs;
        }
        constexpr int64_t near = int64_t(256) << 10;  // bytes that stay in a cache
        const int64_t rows = near / int64_t(sizeof(T)) / numbers_a_row() / LINE<T> * LINE<T>;
        block_rows = rows < LINE<T> ? LINE<T> : rows > PANEL<T> ? PANEL<T> : rows;
    }

    // Of each row: slopes, curvatures, dz/dx; two rows of activations or of dy/da, da/dx; and the sums.
    int64_t numbers_a_row() const { return neurons * (2 + p) + widest * (2 + p) + n_pairs(); }
    FITNET_INLINE int64_t n_pairs() const { return p * (p + 1) / 2; }
    double flops_a_row() const {
        double products = 0;
        for (const Layer& layer : layers) products += double(layer.inputs) * double(layer.outputs);
        return 2 * double(1 + p + m) * products + 2 * double(m * n_pairs()) * double(neurons);
    }
};

}  // namespace fitnet
