"""The engines that write stamps into a document, tried in order."""
