// AVX2 and FMA, -march=x86-64-v3.
#define FITNET_LEVEL_NAME avx2
#define FITNET_VECTOR_BYTES 32
#include "kernels/level_tables.hpp"
