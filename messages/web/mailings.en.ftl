# The words of the mailings in the workbench.
