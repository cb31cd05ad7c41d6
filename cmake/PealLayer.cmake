include(GNUInstallDirs)

# Every library, and nothing else.
add_custom_target(peal_libraries)

# peal_layer(NAME SOURCES … [DEPENDS …] [PRIVATE_DEPENDS …])
#
# One library: peal_NAME, known as peal::NAME here and in the installed package. Its public headers are what
# stands under include/ (installed, and each verified to compile alone by all_verify_interface_header_sets),
# its private ones what stands under src/. It sees the public headers of what it links and of nothing else.
function(peal_layer name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPENDS;PRIVATE_DEPENDS")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "peal_layer(${name}): unknown arguments ${arg_UNPARSED_ARGUMENTS}")
  endif()
  set(target peal_${name})
  if(NOT arg_SOURCES)
    set(arg_SOURCES ${CMAKE_CURRENT_BINARY_DIR}/${target}_empty.cpp)
    file(CONFIGURE OUTPUT ${arg_SOURCES} CONTENT "namespace peal {}\n")
  endif()

  add_library(${target} ${arg_SOURCES})
  add_library(peal::${name} ALIAS ${target})
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_include_directories(${target} PRIVATE src)
  target_link_libraries(${target} PUBLIC ${arg_DEPENDS} PRIVATE ${arg_PRIVATE_DEPENDS})
  peal_warnings(${target})
  set_target_properties(${target} PROPERTIES
    EXPORT_NAME ${name}
    CXX_EXTENSIONS OFF
    CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON
    POSITION_INDEPENDENT_CODE ON
    VERIFY_INTERFACE_HEADER_SETS ON
    VERSION ${PROJECT_VERSION}
    SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})

  file(GLOB_RECURSE headers CONFIGURE_DEPENDS include/*.hpp)
  if(headers)
    target_sources(${target} PUBLIC FILE_SET HEADERS BASE_DIRS include FILES ${headers})
    install(TARGETS ${target} EXPORT pealTargets COMPONENT development
            FILE_SET HEADERS COMPONENT development)
  else()
    install(TARGETS ${target} EXPORT pealTargets COMPONENT development)
  endif()
  add_dependencies(peal_libraries ${target})
endfunction()

# peal_subdirectories(DIR…): adds those that have a CMakeLists.txt.
function(peal_subdirectories)
  foreach(directory IN LISTS ARGN)
    if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${directory}/CMakeLists.txt)
      add_subdirectory(${directory})
    endif()
  endforeach()
endfunction()
