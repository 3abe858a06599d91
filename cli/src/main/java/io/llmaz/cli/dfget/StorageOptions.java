package io.llmaz.cli.dfget;

import io.llmaz.dragonfly.api.common.HDFS;
import io.llmaz.dragonfly.api.common.ObjectStorage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** dfget's options for object stores and HDFS. */
final class StorageOptions {
  @Option(names = "--storage-region", defaultValue = "${env:DFGET_STORAGE_REGION:-}")
  String region = "";

  @Option(
      names = "--storage-endpoint",
      defaultValue = "${env:DFGET_STORAGE_ENDPOINT:-}",
      description = "The URL of the object store.")
  String endpoint = "";

  @Option(names = "--storage-access-key-id", defaultValue = "${env:DFGET_STORAGE_ACCESS_KEY_ID:-}")
  String accessKeyId = "";

  @Option(
      names = "--storage-access-key-secret",
      defaultValue = "${env:DFGET_STORAGE_ACCESS_KEY_SECRET:-}")
  String accessKeySecret = "";

  @Option(
      names = "--storage-security-token",
      defaultValue = "${env:DFGET_STORAGE_SECURITY_TOKEN:-}")
  String securityToken = "";

  @Option(
      names = "--storage-session-token",
      defaultValue = "${env:DFGET_STORAGE_SESSION_TOKEN:-}",
      description = "Of temporary S3 credentials.")
  String sessionToken = "";

  @Option(
      names = "--storage-credential-path",
      defaultValue = "${env:DFGET_STORAGE_CREDENTIAL_PATH:-}",
      description = "Google Cloud Storage's key file, as the daemon sees it.")
  String credentialPath = "";

  @Option(
      names = "--storage-predefined-acl",
      defaultValue = "${env:DFGET_STORAGE_PREDEFINED_ACL:-publicRead}",
      description = "Of Google Cloud Storage (default: ${DEFAULT-VALUE}).")
  String predefinedAcl = "publicRead";

  @Option(
      names = "--storage-insecure-skip-verify",
      paramLabel = "true|false",
      defaultValue = "${env:DFGET_STORAGE_INSECURE_SKIP_VERIFY:-}",
      description = "Do not check the object store's certificate.")
  String insecureSkipVerify = "";

  @Option(names = "--hdfs-delegation-token", defaultValue = "${env:DFGET_HDFS_DELEGATION_TOKEN:-}")
  String hdfsDelegationToken = "";

  /**
   * For the schemes of object stores.
   *
   * @throws IllegalArgumentException when a switch is neither true nor false
   */
  ObjectStorage objectStorage() {
    ObjectStorage.Builder storage = ObjectStorage.newBuilder();
    Given.of(region, storage::setRegion);
    Given.of(endpoint, storage::setEndpoint);
    Given.of(accessKeyId, storage::setAccessKeyId);
    Given.of(accessKeySecret, storage::setAccessKeySecret);
    Given.of(securityToken, storage::setSecurityToken);
    Given.of(sessionToken, storage::setSessionToken);
    Given.of(credentialPath, storage::setCredentialPath);
    Given.of(predefinedAcl, storage::setPredefinedAcl);
    switch (insecureSkipVerify) {
      case "" -> {
        // The daemon decides.
      }
      case "true" -> storage.setInsecureSkipVerify(true);
      case "false" -> storage.setInsecureSkipVerify(false);
      default ->
          throw new IllegalArgumentException("--storage-insecure-skip-verify is true or false");
    }
    return storage.build();
  }

  HDFS hdfs() {
    HDFS.Builder hdfs = HDFS.newBuilder();
    Given.of(hdfsDelegationToken, hdfs::setDelegationToken);
    return hdfs.build();
  }

  List<String> secrets() {
    return List.of(accessKeySecret, securityToken, sessionToken, hdfsDelegationToken);
  }

  /** The same as variables of dfget. */
  Map<String, String> variables() {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("DFGET_STORAGE_REGION", region);
    variables.put("DFGET_STORAGE_ENDPOINT", endpoint);
    variables.put("DFGET_STORAGE_ACCESS_KEY_ID", accessKeyId);
    variables.put("DFGET_STORAGE_ACCESS_KEY_SECRET", accessKeySecret);
    variables.put("DFGET_STORAGE_SECURITY_TOKEN", securityToken);
    variables.put("DFGET_STORAGE_SESSION_TOKEN", sessionToken);
    variables.put("DFGET_STORAGE_CREDENTIAL_PATH", credentialPath);
    variables.put("DFGET_STORAGE_PREDEFINED_ACL", predefinedAcl);
    variables.put("DFGET_STORAGE_INSECURE_SKIP_VERIFY", insecureSkipVerify);
    variables.put("DFGET_HDFS_DELEGATION_TOKEN", hdfsDelegationToken);
    return variables;
  }
}
