"""Any folder of PDFs, stamped and judged: `make corpus DIR=…`."""
