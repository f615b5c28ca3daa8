// What an earlier call, perhaps of the other type and of other widths, left in a thread's scratch reaches no later one:
// every operation gives the same bits from zeros, NaN, infinity and ordinary numbers.
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
// Twice a float or once a double: NaN; infinity as float, then as double; 1 and 0.008.
constexpr uint64_t LEFT[] = {~uint64_t(0), 0x7f8000007f800000, 0x7ff0000000000000, 0x3f8000003f800000};

int computed = 0, failures = 0;

// Returns where they lie.
const void* fill_scratch(uint64_t word) {
    auto* words = static_cast<uint64_t*>(own_bytes(BYTES));
    std::fill_n(words, size_t(BYTES) / sizeof word, word);
    return words;
}

template <class T>
void test_operations(const std::vector<Operation<T>>& all, const std::string& where) {
    for (const Operation<T>& operation : all) {
        const auto run_over = [&](uint64_t word) {
            std::vector<T> found(size_t(operation.size));
            const void* scratch = fill_scratch(word);
            operation.run(found.data(), Threads{1}, [] { return true; });
            if (own_bytes(BYTES) != scratch) {
                std::cerr << "FAILED: " << operation.name << where << " took more scratch than was filled\n";
                failures++;
            }
            return found;
        };
        const std::vector<T> expected = run_over(0);
        for (const uint64_t word : LEFT) {
            const std::vector<T> found = run_over(word);
            computed++;
            if (std::memcmp(found.data(), expected.data(), found.size() * sizeof(T)) == 0) continue;
            std::cerr << "FAILED: " << operation.name << where << " depends on what lay in the scratch: " << std::hex
                      << word << std::dec << "\n";
            failures++;
        }
    }
}

// Without those of matrices alone, which take no scratch.
std::vector<Operation<double>> on_rows(std::vector<Operation<double>> all) {
    const auto is_of_matrix = [](const auto& operation) {
        return operation.name == "solve_positive_definite" || operation.name == "inverse_diagonal";
    };
    all.erase(std::remove_if(all.begin(), all.end(), is_of_matrix), all.end());
    return all;
}

void test(const std::vector<int64_t>& widths, int64_t rows, Activation hidden, Activation last) {
    std::string where = ", " + std::to_string(rows) + " rows, activations " + std::to_string(int(hidden)) + " and " +
                        std::to_string(int(last)) + ", widths";
    for (const int64_t width : widths) where += " " + std::to_string(width);
    const Problem<float> of_float(widths, rows, hidden, last);
    const Problem<double> of_double(widths, rows, hidden, last);
    test_operations(operations(of_float), where + ", float");
    test_operations(operations(of_double), where + ", double");
    test_operations(on_rows(second_order(of_double)), where + ", double");
}

}  // namespace

int main() {
    constexpr int ACTIVATIONS = int(Activation::exponential) + 1;
    for (int64_t width = 1; width <= NARROW; width++)
        for (int activation = 0; activation < ACTIVATIONS; activation++) {
            const auto hidden = Activation(activation), other = Activation((activation + width) % ACTIVATIONS);
            test({3, width, 2}, 1, hidden, other);
            test({width, 5, 1, 3}, 29, hidden, Activation::identity);
            test({2, 17, width, 9, 1}, 29, hidden, Activation::identity);
            test({1, 2, width}, 29, hidden, other);
        }
    for (int activation = 0; activation < ACTIVATIONS; activation++)  // several panels, several blocks of rows
        test({9, 70, 3, 33, 2}, 200, Activation(activation), Activation::identity);
    std::cout << level() << ", over what lay in the scratch: " << computed << " computed, " << failures << " wrong\n";
    return failures == 0 ? 0 : 1;
}
