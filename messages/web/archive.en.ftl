# The words of the desk and the archive in the workbench.
