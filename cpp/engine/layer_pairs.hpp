// The normal equations' work, cut into tasks by shape alone: every pair of layers, and within it tiles of its sums.
#pragma once

#include <algorithm>
#include <tuple>
#include <vector>

#include "kernels/outer_products.hpp"

namespace fitnet {

constexpr int64_t MOST_PRODUCTS = int64_t(16) << 20;  // bytes of outputs' products in memory together
constexpr int64_t PANELS_AT_ONCE = 8;                 // of outputs' products, in one tile of the sums

// Two layers, `first` <= `second`, and the sums of their rows' products, (inputs x outputs) in panels.
template <class T>
struct LayerPair {
    int64_t first;
    int64_t second;
    Outer inputs;
    Outer outputs;
    int64_t sums;      // where they begin
    int64_t products;  // where the outputs' products of a chunk begin
    Panels<T> panels() const { return {inputs.count(), outputs.count()}; }
};

// Part of one pair's work in a chunk: panels [panel, last_panel) of outputs' products, and from `input` on.
struct Task {
    int64_t pair;
    int64_t panel;
    int64_t last_panel;
    int64_t input;
    int64_t last_input;
    int64_t work() const { return (last_panel - panel) * (last_input - input); }
    // What it is sorted by, no two alike; std::stable_sort of libstdc++ 12 calls what Clang 19 warns of.
    std::tuple<int64_t, int64_t, int64_t, int64_t> rank() const { return {-work(), pair, input, panel}; }
};

// Pairs whose products are in memory together.
struct Group {
    std::vector<Task> form;
    std::vector<Task> add;
};

template <class T>
struct PairedLayers {
    std::vector<LayerPair<T>> pairs;  // (0, 0), (0, 1), (1, 1), (0, 2), ...
    std::vector<Group> groups;
    int64_t n_sums = 0;
    int64_t most_products = 0;

    // All pairs of layers, with room for their sums, in groups whose products have room together. `apart`: each output
    // has derivatives with respect to its own pre-activation alone.
    void pair(const std::vector<LayerRows<T>>& layers, int64_t chunk, bool apart) {
        const int64_t L = int64_t(layers.size()), panel = chunk * OUTPUT_STRIDE<T>;
        int64_t products = 0;
        for (int64_t second = 0; second < L; second++)
            for (int64_t first = 0; first <= second; first++) {
                const LayerRows<T>&a = layers[size_t(first)], &b = layers[size_t(second)];
                const bool same = first == second;
                const Pairs outputs = !same ? Pairs::all : apart && second == L - 1 ? Pairs::diagonal : Pairs::upper;
                LayerPair<T> both{first,
                                  second,
                                  {same ? Pairs::upper : Pairs::all, a.inputs, b.inputs},
                                  {outputs, a.outputs, b.outputs},
                                  n_sums,
                                  0};
                const int64_t size = both.panels().count() * panel;
                if (groups.empty() || (products + size) * int64_t(sizeof(T)) > MOST_PRODUCTS) {
                    groups.emplace_back();
                    products = 0;
                }
                both.products = products;
                products += size;
                most_products = std::max(most_products, products);
                n_sums += both.panels().size();
                add_tasks(both, groups.back());
                pairs.push_back(both);
            }
        for (Group& group : groups)  // large ones first, so that no thread waits long for another at the end
            std::sort(group.add.begin(), group.add.end(),
                      [](const Task& a, const Task& b) { return a.rank() < b.rank(); });
    }

    double flops_a_row() const {
        double products = 0;
        for (const LayerPair<T>& both : pairs) products += double(both.inputs.count()) * double(both.outputs.count());
        return 2 * products;
    }

private:
    void add_tasks(const LayerPair<T>& both, Group& group) const {
        const int64_t number = int64_t(pairs.size()), panels = both.panels().count(), inputs = both.inputs.count();
        for (int64_t panel = 0; panel < panels; panel++) group.form.push_back({number, panel, panel + 1, 0, 0});
        for (int64_t input = 0; input < inputs; input += INPUT_PRODUCTS)
            for (int64_t panel = 0; panel < panels; panel += PANELS_AT_ONCE)
                group.add.push_back({number, panel, std::min(panel + PANELS_AT_ONCE, panels), input,
                                     std::min(input + INPUT_PRODUCTS, inputs)});
    }
};

}  // namespace fitnet
