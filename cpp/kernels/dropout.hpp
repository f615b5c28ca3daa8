// Dropout: hidden units that a step of a training sets to 0, and the others, which it makes larger (Srivastava et al.
// 2014, JMLR 15, there scaled when predicting).
//
// Whether a unit is kept is a hash of numbers alone, those of the epoch's seed, the step, the layer, the row within the
// batch and the unit, so neither slots nor threads nor the vectors' width change it. algorithm/dropout.py has the same.
#pragma once

#include <type_traits>

#include "kernels/activations.hpp"
#include "kernels/level.hpp"
#include "kernels/simd.hpp"

namespace fitnet {
namespace FITNET_LEVEL_NAME {

typedef uint32_t Words32 __attribute__((vector_size(FITNET_VECTOR_BYTES)));
typedef uint32_t Words64 __attribute__((vector_size(FITNET_VECTOR_BYTES / 2)));
// As many 32-bit numbers as a Vector<T> has lanes.
template <class T>
using Words = std::conditional_t<sizeof(T) == sizeof(float), Words32, Words64>;

constexpr uint64_t KEY_STEP = 0x9E3779B97F4A7C15u;
constexpr uint32_t UNIT_STEP = 0x9E3779B9u;

// The next of a chain of keys, one for every number: SplitMix64's output (Steele, Lea and Flood 2014).
FITNET_INLINE uint64_t key_below(uint64_t key, int64_t number) {
    key += (uint64_t(number) + 1) * KEY_STEP;
    key = (key ^ key >> 30) * 0xBF58476D1CE4E5B9u;
    key = (key ^ key >> 27) * 0x94D049BB133111EBu;
    return key ^ key >> 31;
}

// The hash of each unit, for `start` = the number of the unit times UNIT_STEP: MurmurHash3's 32-bit finaliser
// (Appleby), into which the key's other half comes midway.
template <class T>
FITNET_INLINE Words<T> unit_hashes(uint64_t row_key, Words<T> start) {
    Words<T> x = start + uint32_t(row_key);
    x = (x ^ x >> 16) * 0x85EBCA6Bu;
    x ^= uint32_t(row_key >> 32);
    x = (x ^ x >> 13) * 0xC2B2AE35u;
    return x ^ x >> 16;
}

// The activations a (rows x units) of hidden layer l, the slope of each at hand or in `slopes`, in place: both are 0
// for units that are dropped, and for the others 1 / (1 - probability) times what they were. Every slope is kept then.
template <class T>
static void drop_units(const BlockRows<T>& block, int64_t l, Activation activation, Matrix<T> a, T* slopes) {
    const Dropout& dropout = *block.dropout;
    const uint32_t dropped_below = uint32_t(dropout.probability * 4294967296.0);
    const Vector<T> larger = broadcast(T(1 / (1 - dropout.probability)));
    const uint64_t layer_key = key_below(key_below(dropout.seed, dropout.step), l);
    Words<T> lanes{};
    for (int i = 0; i < LANES<T>; i++) lanes[i] = uint32_t(i) * UNIT_STEP;
    with_slope<T>(activation, a.values, slopes, a.values, [&](const auto& slope) {
        for (int64_t jp = 0; jp < a.panels.count(); jp++)
            for (int64_t r = 0; r < a.rows; r++) {
                const uint64_t row_key = key_below(layer_key, block.in_batch + r);
                Words<T> start = lanes + uint32_t(jp * PANEL<T>) * UNIT_STEP;
                for (int64_t j = 0; j < a.panels.columns(jp); j += LANES<T>) {
                    const auto kept = unit_hashes<T>(row_key, start) >= dropped_below;
                    const Vector<T> factor = __builtin_convertvector(kept, Mask<T>) ? larger : Vector<T>{};
                    T* at = a.panel(jp, r) + j;
                    store(slopes + (at - a.values), slope(factor, at));
                    store(at, Vector<T>(load(at) * factor));
                    start += uint32_t(LANES<T>) * UNIT_STEP;
                }
            }
    });
    clear_padding(Matrix<T>{slopes, a.panels, a.rows});
}

}  // namespace FITNET_LEVEL_NAME
}  // namespace fitnet
