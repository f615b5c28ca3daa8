// A step's rows in several places: what some slots of a batch add to the loss and to its gradient.
//
// Legend as in fitnet.hpp.
#pragma once

#include "fitnet.hpp"

namespace fitnet {

// Some of the `slots` into which a step's rows are cut, `count` of them from `first` on. A row's slot is told by shape
// alone, so that those who have some rows each, and add up what `slot_gradients` says in the slots' order, come to the
// bits of `loss_and_gradient`.
struct Share {
    int64_t slots, first, count;
    // Where slot `slot` of the share begins among the share's rows, of a batch of n.
    int64_t begin(int64_t n, int64_t slot) const { return n * (first + slot) / slots - n * first / slots; }
};

// A batch of n rows, of which `rows` are the share's, without weights: those of `order`, or as they lie where it is
// null.
template <class T>
struct Batch {
    int64_t n;
    Rows<T> rows;
    const int64_t* order;
};

// Into how many slots a batch of so many rows is cut.
template <class T>
int64_t slots(const Layers& layers, int64_t batch);

// What every slot of a share adds to the loss (count) and to its gradient (count, P).
template <class T>
void slot_gradients(const Layers& layers, const LossSettings& loss, const T* parameters, const Batch<T>& batch,
                    const Share& share, T* gradients, double* losses, Threads threads);

// The losses (count) alone, of rows as they lie.
template <class T>
void slot_losses(const Layers& layers, const LossSettings& settings, const T* parameters, const Batch<T>& batch,
                 const Share& share, double* losses, Threads threads);

// `l2` times the sum of all weights' squares; its gradient is added to `gradient` (P).
template <class T>
double add_penalty(const Layers& layers, double l2, const T* parameters, T* gradient);

}  // namespace fitnet
