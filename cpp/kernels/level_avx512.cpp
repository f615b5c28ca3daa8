// AVX-512, -march=x86-64-v4.
#define FITNET_LEVEL_NAME avx512
#define FITNET_VECTOR_BYTES 64
#include "kernels/level_tables.hpp"
