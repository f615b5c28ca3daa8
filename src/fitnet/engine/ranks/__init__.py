"""One training over several processes, the ranks of an MPI communicator, each with its own rows in its own memory.

Rank 0 runs the training as one process would. The others serve: they hold their slots of the rows, and say what these
add to a loss, a gradient or normal equations. Sums go from rank to rank in the slots' order, so that the result is that
of one process, bit for bit.
"""
