# The package _multibytecodec is Python over this core.
NAME__multibytecodec = _multibytecodec_core
