// Vectors: as wide as the level this file is compiled for, by GCC's and Clang's vector extensions.
//
// Each level (baseline, avx2, avx512) compiles the same sources into a namespace of its own, FITNET_LEVEL_NAME.
// Arithmetic is element by element and a product that is added is fused where the level has FMA (-ffp-contract=fast),
// so every FMA level gives the same bits. Write no expression in which two products could be fused with one sum:
// x * y + z * w is ambiguous, t = z * w on its own line is not enough; use m += c * (g - m) forms.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#ifndef FITNET_LEVEL_NAME
#error "compile this file through one of the level_*.cpp files"
#endif

namespace fitnet {
namespace FITNET_LEVEL_NAME {

constexpr int VECTOR_BYTES = FITNET_VECTOR_BYTES;  // 16, 32 or 64

typedef float Float32 __attribute__((vector_size(FITNET_VECTOR_BYTES)));
typedef double Float64 __attribute__((vector_size(FITNET_VECTOR_BYTES)));
typedef int32_t Int32 __attribute__((vector_size(FITNET_VECTOR_BYTES)));
typedef int64_t Int64 __attribute__((vector_size(FITNET_VECTOR_BYTES)));

template <class T>
struct Simd;
template <>
struct Simd<float> {
    using Vector = Float32;
    using Mask = Int32;  // a comparison's outcome: -1 or 0 in each lane; also the bits of a Vector
};
template <>
struct Simd<double> {
    using Vector = Float64;
    using Mask = Int64;
};

template <class T>
using Vector = typename Simd<T>::Vector;
template <class T>
using Mask = typename Simd<T>::Mask;
template <class T>
constexpr int LANES = VECTOR_BYTES / int(sizeof(T));

template <class T>
static inline Vector<T> load(const T* from) {
    Vector<T> v;
    std::memcpy(&v, from, sizeof v);
    return v;
}

template <class T>
static inline void store(T* to, Vector<T> v) {
    std::memcpy(to, &v, sizeof v);
}

template <class T>
static inline Vector<T> broadcast(T x) {
    return x - Vector<T>{};
}

// The lanes of stage S of a transposition: of row i or of row i + S, of which bit S of the row number is flipped with
// bit S of the lane.
template <int S, bool UPPER, class V, size_t... LANE>
static inline V exchange(V a, V b, std::index_sequence<LANE...>) {
    constexpr size_t N = sizeof...(LANE);
    if constexpr (UPPER)
        return __builtin_shufflevector(a, b, (LANE & S ? N + LANE : LANE + S)...);
    else
        return __builtin_shufflevector(a, b, (LANE & S ? N + LANE - S : LANE)...);
}

}  // namespace FITNET_LEVEL_NAME
}  // namespace fitnet
