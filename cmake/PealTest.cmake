include(GoogleTest)
find_package(GTest REQUIRED)

# What every test includes, compiled once. Tests reuse it, so they are compiled with the same options.
function(_peal_test_pch)
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/peal_test_pch.cpp CONTENT "int peal_test_pch_anchor;\n")
  add_library(peal_test_pch OBJECT ${PROJECT_BINARY_DIR}/peal_test_pch.cpp)
  _peal_test_options(peal_test_pch)
  target_precompile_headers(peal_test_pch PRIVATE
    <gmock/gmock.h> <gtest/gtest.h>
    <algorithm> <array> <chrono> <cstdint> <cstring> <functional> <map> <memory> <optional> <random> <set>
    <span> <string> <string_view> <system_error> <utility> <vector>)
endfunction()

function(_peal_test_options target)
  target_compile_features(${target} PRIVATE cxx_std_20)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
  target_link_libraries(${target} PRIVATE GTest::gmock_main peal::asio)
  peal_warnings(${target})
  # ccache can only follow a precompiled header whose use it sees.
  target_compile_options(${target} PRIVATE
    $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess> $<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang -fno-pch-timestamp>)
endfunction()

# peal_test(NAME SOURCES … LINKS … [PRIVATE_INCLUDES DIR…] [LABELS …] [TIMEOUT SECONDS] [ARGS …] [NO_UNITY])
#
# One GoogleTest program, registered as one test of ctest with the label `unit` (or LABELS): its cases are
# counted from the XML it writes. PRIVATE_INCLUDES are relative to the root (message/src). Sources are compiled
# together in small batches, so what a file keeps to itself needs a name that its neighbours do not use.
function(peal_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "NO_UNITY" "TIMEOUT" "SOURCES;LINKS;PRIVATE_INCLUDES;LABELS;ARGS")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "peal_test(${name}): unknown arguments ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  if(PEAL_SANITIZE)
    math(EXPR arg_TIMEOUT "${arg_TIMEOUT} * 4")
  endif()
  if(NOT arg_LABELS)
    set(arg_LABELS unit)
  endif()

  add_executable(${name} ${arg_SOURCES})
  _peal_test_options(${name})
  target_link_libraries(${name} PRIVATE ${arg_LINKS})
  target_precompile_headers(${name} REUSE_FROM peal_test_pch)
  foreach(directory IN LISTS arg_PRIVATE_INCLUDES)
    cmake_path(ABSOLUTE_PATH directory BASE_DIRECTORY ${PROJECT_SOURCE_DIR})
    target_include_directories(${name} PRIVATE ${directory})
  endforeach()
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests/support)
  target_compile_definitions(${name} PRIVATE PEAL_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  if(NOT arg_NO_UNITY)
    set_target_properties(${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 4)
  endif()

  file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/test-results)
  add_test(NAME ${name} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
           COMMAND ${name} --gtest_output=xml:${PROJECT_BINARY_DIR}/test-results/${name}.xml ${arg_ARGS})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS "${arg_LABELS};gtest")
endfunction()

# peal_script_test(NAME COMMAND … [LABELS …] [TIMEOUT SECONDS] [SERIAL])
#
# A test that is not a GoogleTest program: it passes with exit code 0, is skipped with 77.
function(peal_script_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "SERIAL" "TIMEOUT" "COMMAND;LABELS")
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  if(NOT arg_LABELS)
    set(arg_LABELS script)
  endif()
  add_test(NAME ${name} COMMAND ${arg_COMMAND} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS "${arg_LABELS}" SKIP_RETURN_CODE 77)
  if(arg_SERIAL)
    set_tests_properties(${name} PROPERTIES RUN_SERIAL ON)
  endif()
endfunction()

_peal_test_pch()
