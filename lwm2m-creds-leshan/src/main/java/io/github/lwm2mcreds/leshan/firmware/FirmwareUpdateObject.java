// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.firmware;

import io.github.lwm2mcreds.leshan.firmware.FirmwareImageException.Reason;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.eclipse.leshan.client.resource.BaseInstanceEnabler;
import org.eclipse.leshan.client.servers.LwM2mServer;
import org.eclipse.leshan.core.model.ObjectModel;
import org.eclipse.leshan.core.node.LwM2mResource;
import org.eclipse.leshan.core.request.argument.Arguments;
import org.eclipse.leshan.core.response.ExecuteResponse;
import org.eclipse.leshan.core.response.ReadResponse;
import org.eclipse.leshan.core.response.WriteResponse;

/**
 * The LwM2M object Firmware Update (id 5) of a Leshan client that takes MCUboot images by push, and
 * by nothing else. An image that is not whole is refused with the result that the object has for
 * it. (LwM2M 1.1 Core, appendix E.6.)
 */
public final class FirmwareUpdateObject extends BaseInstanceEnabler {
  /** The object's id. */
  public static final int ID = 5;

  static final int PACKAGE = 0;
  static final int URI = 1;
  static final int UPDATE = 2;
  static final int STATE = 3;
  static final int RESULT = 5;
  static final int VERSION = 7;
  static final int DELIVERY = 9;

  static final long IDLE = 0;
  static final long DOWNLOADED = 2;
  static final long UPDATING = 3;

  static final long RESULT_INITIAL = 0;
  static final long RESULT_UPDATED = 1;
  static final long RESULT_NO_FLASH = 2;
  static final long RESULT_OTHER_DIGEST = 5;
  static final long RESULT_OTHER_TYPE = 6;
  static final long RESULT_UPDATE_FAILED = 8;

  private static final long PUSH_ONLY = 1;

  /** What a device does with images; called on a thread of the client, one after the other. */
  public interface Slot {
    /**
     * Keeps an image that is whole.
     *
     * @param image what it says of itself
     * @param bytes the image; the callee's from then on
     * @throws IOException if there is no room for it
     */
    void store(McubootImage image, byte[] bytes) throws IOException;

    /**
     * Is told that an image was refused.
     *
     * @param why what is wrong with it
     */
    void refused(String why);

    /**
     * Starts the image that was stored last.
     *
     * @param image what it says of itself
     * @throws IOException if it cannot be started
     */
    void start(McubootImage image) throws IOException;
  }

  private final Slot slot;
  private String runs;
  private McubootImage stored;
  private long state = IDLE;
  private long result = RESULT_INITIAL;

  /**
   * Describes the object of a device.
   *
   * @param runs the version of the firmware that the device runs
   * @param slot where images go
   */
  public FirmwareUpdateObject(String runs, Slot slot) {
    super(0);
    this.runs = Objects.requireNonNull(runs, "runs");
    this.slot = Objects.requireNonNull(slot, "slot");
  }

  @Override
  public List<Integer> getAvailableResourceIds(ObjectModel model) {
    return List.of(PACKAGE, URI, UPDATE, STATE, RESULT, VERSION, DELIVERY);
  }

  @Override
  public synchronized ReadResponse read(LwM2mServer server, int resource) {
    return switch (resource) {
      case STATE -> ReadResponse.success(resource, state);
      case RESULT -> ReadResponse.success(resource, result);
      case VERSION -> ReadResponse.success(resource, runs);
      case DELIVERY -> ReadResponse.success(resource, PUSH_ONLY);
      default -> super.read(server, resource);
    };
  }

  /** {@inheritDoc} An image is answered alike whatever becomes of it; the result tells. */
  @Override
  public synchronized WriteResponse write(
      LwM2mServer server, boolean replace, int resource, LwM2mResource value) {
    if (resource == URI) {
      return WriteResponse.badRequest("this device takes firmware by push alone (resource 9 is 1)");
    }
    if (resource != PACKAGE) {
      return super.write(server, replace, resource, value);
    }
    byte[] bytes = (byte[]) value.getValue();
    stored = null;
    if (bytes.length <= 1) { // which begins anew; one byte, as not every server can send none
      become(IDLE, RESULT_INITIAL);
    } else {
      take(bytes);
    }
    return WriteResponse.success();
  }

  private void take(byte[] bytes) {
    try {
      McubootImage image = McubootImage.read(bytes);
      slot.store(image, bytes);
      stored = image;
      become(DOWNLOADED, RESULT_INITIAL);
    } catch (FirmwareImageException e) {
      slot.refused(e.getMessage());
      become(IDLE, e.reason() == Reason.NOT_AN_IMAGE ? RESULT_OTHER_TYPE : RESULT_OTHER_DIGEST);
    } catch (IOException e) {
      slot.refused(e.getMessage());
      become(IDLE, RESULT_NO_FLASH);
    }
  }

  @Override
  public synchronized ExecuteResponse execute(
      LwM2mServer server, int resource, Arguments arguments) {
    if (resource != UPDATE) {
      return super.execute(server, resource, arguments);
    }
    if (state != DOWNLOADED) {
      return ExecuteResponse.methodNotAllowed();
    }
    become(UPDATING, RESULT_INITIAL);
    try {
      slot.start(stored);
      runs = stored.version();
      fireResourceChange(VERSION);
      become(IDLE, RESULT_UPDATED);
    } catch (IOException e) {
      become(IDLE, RESULT_UPDATE_FAILED);
    }
    stored = null;
    return ExecuteResponse.success();
  }

  private void become(long nextState, long nextResult) {
    state = nextState;
    result = nextResult;
    fireResourcesChange(getResourcePaths(STATE, RESULT));
  }
}
