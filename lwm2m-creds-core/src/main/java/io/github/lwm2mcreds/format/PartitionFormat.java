// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.format;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.format.DeviceFormatException.Reason;
import io.github.lwm2mcreds.partition.CredentialPartition;
import io.github.lwm2mcreds.partition.PartitionFormatException;

/** The 66 bytes that dm-lwm2m firmware reads. */
record PartitionFormat() implements DeviceFormat {
  @Override
  public String name() {
    return "partition";
  }

  @Override
  public byte[] encode(DeviceCredential credential) {
    return CredentialPartition.encode(credential);
  }

  @Override
  public DeviceCredential decode(byte[] file) throws DeviceFormatException {
    return decode(file, 0);
  }

  /** Decodes a partition that was found at an offset in a file. */
  static DeviceCredential decode(byte[] partition, int offset) throws DeviceFormatException {
    try {
      return CredentialPartition.decode(partition);
    } catch (PartitionFormatException e) {
      throw new DeviceFormatException(reason(e), offset + e.offset(), e.getMessage());
    }
  }

  private static Reason reason(PartitionFormatException e) {
    return switch (e.reason()) {
      case TOO_SHORT, TOO_LONG -> Reason.WRONG_LENGTH;
      case ERASED, EMPTY_ENDPOINT, EMPTY_TOKEN -> Reason.MISSING;
      default -> Reason.MALFORMED;
    };
  }
}
