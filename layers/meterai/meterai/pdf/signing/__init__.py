"""The CMS signature, its certificate, timestamps and augmentation."""
