"""Files that anybody has checked, without signing in."""
