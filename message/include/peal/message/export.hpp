#pragma once

/// Marks what the shared library shows; everything else is hidden.
#if defined(__GNUC__)
#define PEAL_API __attribute__((visibility("default")))
#else
#define PEAL_API
#endif
