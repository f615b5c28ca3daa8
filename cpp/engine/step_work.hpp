// One batch after the other, as the threads of a training see it.
//
// A step is cut into slots of rows, by shape alone; any thread takes the next slot, each slot has its own gradient,
// and the slots are summed in order. So the number of threads changes nothing but the time.
#pragma once

#include <vector>

#include "engine/buffer.hpp"
#include "engine/own_scratch.hpp"
#include "engine/thread_pool.hpp"
#include "kernels/level.hpp"
#include "shares.hpp"

namespace fitnet {

constexpr int64_t UPDATE_LINES = 64;  // cache lines of parameters updated at once

// All that a step needs beside the caller's rows, in the engine's own layout, and its work as the threads see it.
template <class T>
class StepWork {
public:
    // `pieces` as TrainerSettings has them; of the slots those of `share`, where there is one.
    StepWork(const Layers& layers, const T* parameters, const LossSettings& loss, double l2, int64_t batch,
             Threads allowed, const std::vector<int64_t>& pieces = {}, const Share* share = nullptr)
        : plan_(layers, 0, pieces), kernels_(kernels<T>()), loss_(loss), l2_(l2),
          share_(share ? *share : Share{plan_.slots(batch), 0, plan_.slots(batch)}),
          threads_(useful_threads(allowed, n_slots(), plan_.flops_a_row() * double(batch))), parameters_(with_sums()),
          transposed_(plan_.n_transposed), gradient_(with_sums()), slots_(n_slots() * plan_.n_dense),
          slot_loss_(n_slots()), stretch_squares_(n_stretches()) {
        for (size_t l = 1; l < plan_.layers.size(); l++)
            for (int64_t panel = 0; !plan_.layers[l].narrow && panel < plan_.layers[l].weight_panels().count(); panel++)
                panels_.push_back({&plan_.layers[l], panel});
        set_parameters(parameters);
    }
    StepWork(const StepWork&) = delete;
    StepWork& operator=(const StepWork&) = delete;

    // Other parameters (P), in the user's layout.
    void set_parameters(const T* flat) {
        plan_.pad(flat, parameters_.get());
        for (int64_t stretch = 0; l2_ > 0 && stretch < n_stretches(); stretch++) square(stretch);
        for (int64_t i = 0; i < n_derived(); i++) derive(i);
    }

    const Plan<T>& plan() const { return plan_; }
    const LossSettings& loss() const { return loss_; }
    int threads() const { return threads_; }
    int64_t scratch_bytes() const { return plan_.n_scratch() * int64_t(sizeof(T)); }
    T* parameters() const { return parameters_.get(); }
    T* gradient() const { return gradient_.get(); }

    // Rows `order[first, first + count)` of `rows`, or rows first, first + 1, ... themselves; of a share `count` is
    // that of the whole batch, and `rows`, which then have no weights, are those of its slots alone. Units are dropped
    // where that has a probability, of a whole batch only.
    void set_batch(const Rows<T>& rows, const int64_t* order, int64_t first, int64_t count,
                   const Dropout& dropout = {}) {
        dropout_ = dropout;
        rows_ = rows;
        order_ = order;
        first_ = first;
        count_ = count;
        total_weight_ = double(count);
        if (rows_.weights) {
            total_weight_ = 0;
            for (int64_t i = 0; i < count; i++) total_weight_ += double(rows_.weights[block(0, count).row(i)]);
        }
        if (n_parts() > 0) first_delta_.at_least(delta_panels().size());
    }
    double total_weight() const { return total_weight_; }

    // Forward and backward of one slot.
    int64_t n_slots() const { return share_.count; }
    void train_slot(int64_t slot) {
        T* scratch = own_scratch<T>(plan_.n_scratch());
        const int64_t begin = share_.begin(count_, slot), end = share_.begin(count_, slot + 1);
        T* gradient = slots_.get() + slot * plan_.n_dense;
        double loss = 0;
        for (int64_t r = begin; r < end || r == begin; r += plan_.block_rows) {
            const int64_t rows = end - r < plan_.block_rows ? end - r : plan_.block_rows;
            loss += kernels_.train_block(plan_, loss_, parameters_.get(), transposed_.get(), block(r, rows), scratch,
                                         gradient, r == begin, first_delta(r, rows));
        }
        slot_loss_.get()[slot] = loss;
    }
    // The gradient of one part of the pieces' weights, once all slots are done: each is one sum over the batch, for a
    // slot's rows meet few of the pieces.
    int64_t n_parts() const { return plan_.pieces.n_parts(); }
    void train_part(int64_t part) {
        kernels_.differentiate_pieces(plan_, block(0, count_), first_delta(0, count_), gradient_.get(), part);
    }

    // The batch's loss and the weights' penalty, both with the parameters before the step.
    double objective() const {
        double loss = 0;
        for (int64_t slot = 0; slot < n_slots(); slot++) loss += slot_loss_.get()[slot];
        return loss + penalty();
    }
    double penalty() const {
        double squares = 0;
        if (l2_ == 0) return 0;
        for (int64_t stretch = 0; stretch < n_stretches(); stretch++) squares += stretch_squares_.get()[stretch];
        return l2_ * squares;
    }

    // What a slot has found: its loss, and its gradient (P) in the user's layout.
    double slot_loss(int64_t slot) const { return slot_loss_.get()[slot]; }
    void slot_gradient(int64_t slot, T* flat) const { plan_.unpad(slots_.get() + slot * plan_.n_dense, flat); }

    // The gradient of one stretch of parameters: the slots' sum, which the pieces' weights have none of, and the
    // penalty's part.
    int64_t n_stretches() const { return (plan_.n_parameters + STRETCH - 1) / STRETCH; }
    void sum_stretch(int64_t stretch) {
        const int64_t begin = stretch * STRETCH, end = end_of(stretch);
        const int64_t in_slots = end < plan_.n_dense ? end : plan_.n_dense;
        kernels_.sum_slots(gradient_.get(), slots_.get(), n_slots(), plan_.n_dense, begin, in_slots);
        decay(begin, end);
    }
    // The penalty's part of a gradient (P) in the user's layout, added in place.
    void add_penalty(T* flat) {
        plan_.pad(flat, gradient_.get());
        decay(0, plan_.n_parameters);
        plan_.unpad(gradient_.get(), flat);
    }
    // The update of one stretch, once its gradient is there; its weights decay first.
    void update_stretch(int64_t stretch, const Step& step, T* moments) {
        const int64_t begin = stretch * STRETCH, end = end_of(stretch);
        if (step.kept != 1)
            plan_.each_weights(begin, end, [&](int64_t first, int64_t last) {
                kernels_.shrink(parameters_.get(), T(step.kept), first, last);
            });
        kernels_.update(step, parameters_.get(), moments, gradient_.get(), plan_.n_parameters, begin, end);
        if (l2_ > 0) square(stretch);
    }

    // What is made of the parameters once all are updated: panels of transposed weights, and the sums of pieces'
    // weights.
    int64_t n_derived() const { return int64_t(panels_.size()) + n_parts(); }
    void derive(int64_t i) {
        if (i < n_parts()) return kernels_.sum_pieces(plan_, parameters_.get(), i);
        const PanelOf& of = panels_[size_t(i - n_parts())];
        kernels_.transpose(*of.layer, parameters_.get(), transposed_.get(), of.panel);
    }

private:
    static constexpr int64_t STRETCH = UPDATE_LINES * LINE<T>;
    struct PanelOf {
        const LayerPlan<T>* layer;
        int64_t panel;
    };

    // The penalty's part of the gradient of the parameters [begin, end).
    void decay(int64_t begin, int64_t end) {
        if (l2_ == 0) return;
        plan_.each_weights(begin, end, [&](int64_t first, int64_t last) {
            kernels_.add_decay(gradient_.get(), parameters_.get(), T(2 * l2_), first, last);
        });
    }
    // The squares of one stretch's weights, for the next step's penalty.
    void square(int64_t stretch) {
        double squares = 0;
        plan_.each_weights(stretch * STRETCH, (stretch + 1) * STRETCH, [&](int64_t first, int64_t last) {
            squares += kernels_.sum_squares(parameters_.get(), first, last);
        });
        stretch_squares_.get()[stretch] = squares;
    }
    int64_t end_of(int64_t stretch) const {
        const int64_t end = (stretch + 1) * STRETCH;
        return end < plan_.n_parameters ? end : plan_.n_parameters;
    }
    int64_t with_sums() const { return plan_.n_parameters + plan_.pieces.panels().size(); }
    // `count` rows of the batch from row r on.
    BlockRows<T> block(int64_t r, int64_t count) const {
        const Dropout* dropout = dropout_.probability > 0 ? &dropout_ : nullptr;
        return {&rows_, order_ ? order_ + first_ + r : nullptr, first_ + r, count, total_weight_, dropout, r};
    }
    // The same rows of the first layer's delta, where columns are encoded; else none.
    Matrix<T> first_delta(int64_t r, int64_t count) const {
        if (n_parts() == 0) return {nullptr, {0, 0}, 0};
        const Panels<T> panels = delta_panels();
        return {first_delta_.get() + r * panels.stride(), panels, count};
    }
    Panels<T> delta_panels() const { return {count_, plan_.pieces.outputs}; }

    const Plan<T> plan_;
    const Level<T>& kernels_;
    const LossSettings loss_;
    const double l2_;
    const Share share_;
    const int threads_;
    Buffer<T> parameters_;
    Buffer<T> transposed_;
    Buffer<T> gradient_;
    Buffer<T> slots_;
    Buffer<double> slot_loss_;
    Buffer<double> stretch_squares_;
    std::vector<PanelOf> panels_;
    Buffer<T> first_delta_;  // (batch x outputs of the first layer), where columns are encoded
    Rows<T> rows_{};
    const int64_t* order_ = nullptr;
    int64_t first_ = 0;
    int64_t count_ = 0;
    double total_weight_ = 0;
    Dropout dropout_{};
};

}  // namespace fitnet
