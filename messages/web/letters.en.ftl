# The words of the letters in the workbench.
