// What an earlier call, perhaps of the other type and of other widths, left in a thread's scratch reaches no later one:
// every operation gives the same bits over zeros, NaN and infinity.
#include <algorithm>
#include <cstring>
#include <iostream>

#include "engine/own_scratch.hpp"
#include "operations.hpp"

using namespace fitnet;
using namespace fitnet::tests;

namespace {

constexpr int64_t BYTES = int64_t(1) << 20;  // more than any of these operations needs
constexpr int64_t NARROW = 17;
std::vector<uint64_t> filled(uint64_t word) { return std::vector<uint64_t>(size_t(BYTES) / sizeof word, word); }
// Twice a float or once a double: zeros; NaN, which no sum hides; infinity and 1e306, which no comparison hides.
const std::vector<uint64_t> LEFT[] = {filled(0), filled(~uint64_t(0)), filled(0x7f8000007f800000)};

int computed = 0, failures = 0;

template <class T>
void test_operations(const std::vector<Operation<T>>& all, const std::string& where) {
    for (const Operation<T>& operation : all) {
        const auto run_over = [&](const std::vector<uint64_t>& left) {
            std::vector<T> found(size_t(operation.size));
            const void* scratch = std::memcpy(own_bytes(BYTES), left.data(), size_t(BYTES));
            operation.run(found.data(), Threads{1}, [] { return true; });
            if (own_bytes(BYTES) != scratch) {
                std::cerr << "FAILED: " << operation.name << where << " took more scratch than was filled\n";
                failures++;
            }
            return found;
        };
        const std::vector<T> expected = run_over(LEFT[0]);
        for (const auto& left : LEFT) {
            const std::vector<T> found = run_over(left);
            computed++;
            if (std::memcmp(found.data(), expected.data(), found.size() * sizeof(T)) == 0) continue;
            std::cerr << "FAILED: " << operation.name << where << " depends on what lay in the scratch: " << std::hex
                      << left.front() << std::dec << "\n";
            failures++;
        }
    }
}

void test(const std::vector<int64_t>& widths, int64_t rows, Activation hidden, Activation last) {
    std::string where = ", " + std::to_string(rows) + " rows, activations " + std::to_string(int(hidden)) + " and " +
                        std::to_string(int(last)) + ", widths";
    for (const int64_t width : widths) where += " " + std::to_string(width);
    const Problem<float> of_float(widths, rows, hidden, last);
    const Problem<double> of_double(widths, rows, hidden, last);
    test_operations(operations(of_float), where + ", float");
    test_operations(operations(of_double), where + ", double");
    test_operations(second_order(of_double), where + ", double");
}

}  // namespace

int main() {
    constexpr int ACTIVATIONS = int(Activation::exponential) + 1;
    for (int64_t width = 1; width <= NARROW; width++) {
        const auto other = Activation(width % ACTIVATIONS);  // beside those whose slopes are kept
        for (const Activation hidden : {Activation::silu, Activation::gelu, Activation::softplus, other}) {
            test({3, width, 2}, 1, hidden, other);
            test({width, 5, 1, 3}, 29, hidden, Activation::identity);
            test({2, 17, width, 9, 1}, 29, hidden, Activation::identity);
            test({1, 2, width}, 29, other, hidden);
        }
    }
    for (int activation = 0; activation < ACTIVATIONS; activation++) {  // several panels, several blocks of rows
        test({5, 70, 2, 33, 1}, 130, Activation(activation), Activation::identity);
        test({2, 70, 3}, 130, Activation(activation), Activation::identity);
    }
    std::cout << level() << ", over what lay in the scratch: " << computed << " computed, " << failures << " wrong\n";
    return failures == 0 ? 0 : 1;
}
