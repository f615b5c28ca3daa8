"""How sure a fit is: error bars by Laplace's approximation, and errors of inputs carried through to outputs."""
