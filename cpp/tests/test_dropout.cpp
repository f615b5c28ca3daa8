// Dropped units of one level against a naive loop, for widths around the edges of lines and panels.
//
// Compile for a level and run, as test_elementary.cpp. What lies around the matrices' numbers is NaN; exits with 1 if a
// unit differs. The same units are dropped as algorithm/dropout.py says: some of its masks are here.
#include <cmath>
#include <cstdio>
#include <limits>
#include <random>
#include <vector>

#include "kernels/dropout.hpp"

using namespace fitnet;
using namespace fitnet::FITNET_LEVEL_NAME;

static int failures = 0;

static void expect(bool holds, const char* what, int bytes, int64_t width) {
    if (holds) return;
    std::printf("FAILED: %s of %d bytes, width %d\n", what, bytes, int(width));
    failures++;
}

// Whether a unit is kept, one at a time.
static bool is_kept(const Dropout& dropout, int64_t l, int64_t row, int64_t unit) {
    uint64_t key = dropout.seed;
    for (const int64_t number : {dropout.step, l, row}) {
        key += uint64_t(number + 1) * 0x9E3779B97F4A7C15u;
        key = (key ^ (key >> 30)) * 0xBF58476D1CE4E5B9u;
        key = (key ^ (key >> 27)) * 0x94D049BB133111EBu;
        key ^= key >> 31;
    }
    uint32_t x = uint32_t(key) + uint32_t(unit) * 0x9E3779B9u;
    x ^= x >> 16;
    x = (x * 0x85EBCA6Bu) ^ uint32_t(key >> 32);
    x ^= x >> 13;
    x *= 0xC2B2AE35u;
    x ^= x >> 16;
    return double(x) >= std::floor(dropout.probability * 4294967296.0);
}

static double slope_at(Activation activation, double a, double kept) {
    switch (activation) {
        case Activation::identity: return 1;
        case Activation::relu: return a > 0;
        case Activation::leaky_relu: return a > 0 ? 1 : 0.01;
        case Activation::tanh: return 1 - a * a;
        case Activation::logistic: return a * (1 - a);
        case Activation::exponential: return a;
        default: return kept;
    }
}

// A matrix of activations with its slopes, and room for two more rows.
template <class T>
struct Units {
    std::vector<T> a, slopes;
    Matrix<T> matrix;

    Units(int64_t rows, int64_t width) {
        const Panels<T> panels{rows + 2, width};
        a.assign(size_t(panels.size()), std::numeric_limits<T>::quiet_NaN());
        slopes = a;
        matrix = {a.data(), panels, rows};
        std::mt19937 generator(7);
        std::uniform_real_distribution<double> share(-1, 1);
        for (int64_t r = 0; r < rows; r++)
            for (int64_t j = 0; j < panels.count() * panels.stride(); j++) {
                const int64_t place = panels.panel(j / panels.stride()) + r * panels.stride() + j % panels.stride();
                a[size_t(place)] = j < width ? T(share(generator)) : T(0);
                if (j < width) slopes[size_t(place)] = T(share(generator));
            }
    }
};

template <class T>
static void check(int64_t rows, int64_t width, Activation activation) {
    const Dropout dropout{0.3, 12345, 3};
    const BlockRows<T> block{nullptr, nullptr, 0, rows, 1, &dropout, 96};
    Units<T> found(rows, width);
    const Units<T> before = found;
    found.matrix.values = found.a.data();
    drop_units(block, 1, activation, found.matrix, found.slopes.data());
    const Panels<T> panels = found.matrix.panels;
    const double larger = 1 / 0.7, bound = 4 * double(std::numeric_limits<T>::epsilon());
    const int bytes = int(sizeof(T));
    for (int64_t r = 0; r < rows; r++)
        for (int64_t j = 0; j < panels.count() * panels.stride(); j++) {
            const size_t place = size_t(panels.panel(j / panels.stride()) + r * panels.stride() + j % panels.stride());
            const double factor = j < width && is_kept(dropout, 1, 96 + r, j) ? larger : 0;
            const double a = double(before.a[place]);
            const double slope = j < width ? slope_at(activation, a, double(before.slopes[place])) : 0;
            expect(std::fabs(double(found.a[place]) - a * factor) <= bound, "an activation", bytes, width);
            expect(std::fabs(double(found.slopes[place]) - slope * factor) <= bound, "a slope", bytes, width);
        }
    for (int64_t jp = 0; jp < panels.count(); jp++)
        for (int64_t i = rows * panels.stride(); i < panels.rows * panels.stride(); i++)
            expect(std::isnan(found.a[size_t(panels.panel(jp) + i)]), "what no row is", bytes, width);
}

// 32 units of two layers each, where algorithm/dropout.py keeps those of the bits.
template <class T>
static void check_known() {
    struct Known {
        int64_t step, row;
        uint32_t first, second;
    };
    for (const Known& known : {Known{0, 0, 0xfdbf2d2a, 0x77d76fd1}, Known{3, 5, 0xffbdf3bf, 0xe5ccddef},
                               Known{40, 300, 0xb549aff7, 0xef7fbdd8}}) {
        const Dropout dropout{0.25, (uint64_t(1) << 63) + 12345, known.step};
        const BlockRows<T> block{nullptr, nullptr, 0, 1, 1, &dropout, known.row};
        for (const int64_t l : {0, 1}) {
            Units<T> found(1, 32);
            drop_units(block, l, Activation::identity, found.matrix, found.slopes.data());
            uint32_t kept = 0;
            for (int64_t j = 0; j < 32; j++) kept |= uint32_t(found.slopes[size_t(j)] > 0) << j;
            expect(kept == (l == 0 ? known.first : known.second), "known masks", int(sizeof(T)), 32);
        }
    }
}

template <class T>
static void check_all() {
    check_known<T>();
    std::vector<int64_t> widths{1, 2, 3, 4, 5};
    for (const int64_t edge : {int64_t(LANES<T>), LINE<T>, PANEL<T>, 2 * PANEL<T>})
        for (const int64_t width : {edge - 1, edge, edge + 1}) widths.push_back(width);
    for (const int64_t width : widths)
        for (int activation = 0; activation <= int(Activation::exponential); activation++)
            check<T>(7, width, Activation(activation));
}

int main() {
    check_all<float>();
    check_all<double>();
    std::printf("dropped units: %s\n", failures == 0 ? "as the naive loop gives them" : "FAILED");
    return failures == 0 ? 0 : 1;
}
