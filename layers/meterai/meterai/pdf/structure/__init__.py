"""PDF objects, pages, annotations and restrictions, alike for every reader."""
