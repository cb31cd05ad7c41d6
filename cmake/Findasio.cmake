# Standalone Asio: Debian's libasio-dev brings neither a CMake file nor a .pc. Defines peal::asio, headers only;
# its compiled half is peal::asio_impl, since every user must see the same ASIO_ macros (one definition).
find_path(asio_INCLUDE_DIR asio.hpp)
mark_as_advanced(asio_INCLUDE_DIR)
if(asio_INCLUDE_DIR)
  file(STRINGS ${asio_INCLUDE_DIR}/asio/version.hpp _asio_version REGEX "^#define ASIO_VERSION [0-9]+")
  string(REGEX MATCH "[0-9]+" _asio_version "${_asio_version}")
  math(EXPR _asio_major "${_asio_version} / 100000")
  math(EXPR _asio_minor "${_asio_version} / 100 % 1000")
  math(EXPR _asio_patch "${_asio_version} % 100")
  set(asio_VERSION ${_asio_major}.${_asio_minor}.${_asio_patch})
endif()

find_package(Threads)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(asio REQUIRED_VARS asio_INCLUDE_DIR Threads_FOUND VERSION_VAR asio_VERSION)

if(asio_FOUND AND NOT TARGET peal::asio)
  add_library(peal::asio INTERFACE IMPORTED)
  target_include_directories(peal::asio INTERFACE ${asio_INCLUDE_DIR})
  target_compile_definitions(peal::asio INTERFACE ASIO_STANDALONE ASIO_SEPARATE_COMPILATION
    # Whether Asio finds aligned_alloc depends on which header a file includes first, and memory crosses files.
    ASIO_DISABLE_STD_ALIGNED_ALLOC
    # Clang before 15 has coroutines but not the feature macro that Asio asks for.
    $<$<AND:$<CXX_COMPILER_ID:Clang>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,15>>:ASIO_HAS_CO_AWAIT;ASIO_HAS_STD_COROUTINE>)
  target_link_libraries(peal::asio INTERFACE Threads::Threads)
endif()
