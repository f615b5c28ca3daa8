// Which level computes: the best that the processor has, or the one that FITNET_LEVEL names.
#include "kernels/level.hpp"

#include <cstdlib>
#include <stdexcept>

namespace fitnet {

namespace {

std::string choose_level() {
    const std::vector<std::string> have = available_levels();
    const char* wanted = std::getenv("FITNET_LEVEL");
    if (wanted == nullptr || *wanted == 0) return have.back();
    for (const std::string& name : have)
        if (name == wanted) return name;
    std::string known;
    for (const std::string& name : have) known += (known.empty() ? "" : ", ") + name;
    throw std::invalid_argument("FITNET_LEVEL is '" + std::string(wanted) + "'; this processor has " + known + ".");
}

const Level<float>& table(const std::string& name, float) {
#ifdef FITNET_X86
    if (name == "avx512") return avx512::level_float;
    if (name == "avx2") return avx2::level_float;
#endif
    (void)name;
    return baseline::level_float;
}
const Level<double>& table(const std::string& name, double) {
#ifdef FITNET_X86
    if (name == "avx512") return avx512::level_double;
    if (name == "avx2") return avx2::level_double;
#endif
    (void)name;
    return baseline::level_double;
}

struct Chosen {
    const std::string name;
    const Level<float>& of_float;
    const Level<double>& of_double;
};

// All at the first use, which Python makes before it lets go of the engine: no fork comes between.
const Chosen& chosen() {
    static const Chosen* const kept = [] {
        const std::string name = choose_level();
        return new Chosen{name, table(name, float()), table(name, double())};
    }();
    return *kept;
}

}  // namespace

std::vector<std::string> available_levels() {
    std::vector<std::string> levels{"baseline"};
#ifdef FITNET_X86
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) levels.push_back("avx2");
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512cd"))
        levels.push_back("avx512");
#endif
    return levels;
}

std::string level() { return chosen().name; }

template <>
const Level<float>& kernels<float>() {
    return chosen().of_float;
}
template <>
const Level<double>& kernels<double>() {
    return chosen().of_double;
}

}  // namespace fitnet
