# What find_package(peal) reads.
include(CMakePackageConfigHelpers)
set(_peal_package ${CMAKE_INSTALL_LIBDIR}/cmake/peal)
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/pealConfig.cmake.in
  ${PROJECT_BINARY_DIR}/pealConfig.cmake INSTALL_DESTINATION ${_peal_package})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/pealConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/pealConfig.cmake ${PROJECT_BINARY_DIR}/pealConfigVersion.cmake
              ${PROJECT_SOURCE_DIR}/cmake/Findasio.cmake
        DESTINATION ${_peal_package} COMPONENT development)
install(EXPORT pealAsioTargets NAMESPACE peal:: DESTINATION ${_peal_package} COMPONENT development)
install(EXPORT pealTargets NAMESPACE peal:: DESTINATION ${_peal_package} COMPONENT development)
