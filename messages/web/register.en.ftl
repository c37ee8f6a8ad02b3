# The words of the register in the workbench.
