"""PDF objects, pages and annotations, whichever engine reads them."""
