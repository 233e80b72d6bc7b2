/**
 * The stage: floor, light with a shadow, camera with orbit, pan and zoom, and the bodies of one GLB.
 * It draws only when something changed; the player decides what time it shows. three.js is the global THREE.
 */

const FLOOR_M = 60;
const BACKGROUND = 0xeef2f6;
const GHOST = { color: 0xd98a3d, opacity: 0.42 };
const HOME = { yaw: 0.6, pitch: 1.32, distance: 4.2, height: 0.92 };
const PAIR = ['A', 'B']; // how the bodies of a scene of two are called in the GLB
const PAIR_YAW = 0.2;
const HEAD = 15; // of the skeleton's joints
const ABOVE_HEAD_M = 0.3;

export class Stage {
  constructor(canvas) {
    this.canvas = canvas;
    this.renderer = new THREE.WebGLRenderer({ canvas, antialias: true, powerPreference: 'high-performance' });
    this.renderer.outputEncoding = THREE.sRGBEncoding;
    this.renderer.shadowMap.enabled = true;
    this.renderer.shadowMap.type = THREE.PCFSoftShadowMap;
    this.pixelRatio = Math.min(window.devicePixelRatio || 1, 2);
    this.scene = new THREE.Scene();
    this.scene.background = new THREE.Color(BACKGROUND).convertSRGBToLinear();
    this.scene.fog = new THREE.Fog(this.scene.background, 9, 24);
    this.camera = new THREE.PerspectiveCamera(38, 1, 0.05, 80);
    this.target = new THREE.Vector3(0, HOME.height, 0);
    this.body = null;
    this.persons = [];
    this.whom = 'both';
    this.ghosts = [];
    this.ghostVisible = true;
    this.follow = true;
    this.dirty = true;
    this.resetCamera();
    this.addLights();
    this.addFloor();
    this.bindPointer();
  }

  addLights() {
    this.scene.add(new THREE.HemisphereLight(0xffffff, 0xb4bcc9, 0.56));
    this.sun = new THREE.DirectionalLight(0xfff4e6, 0.54);
    this.sun.castShadow = true;
    Object.assign(this.sun.shadow.camera, { left: -3, right: 3, top: 3, bottom: -3, near: 0.5, far: 14 });
    this.sun.shadow.mapSize.set(1024, 1024);
    this.sun.shadow.bias = -0.0008;
    this.sun.shadow.normalBias = 0.02;
    this.scene.add(this.sun, this.sun.target);
  }

  addFloor() {
    const tile = document.createElement('canvas');
    tile.width = tile.height = 128;
    const pen = tile.getContext('2d');
    pen.fillStyle = '#e6ebf1';
    pen.fillRect(0, 0, 128, 128);
    pen.fillStyle = '#dde4ec';
    pen.fillRect(0, 0, 64, 64);
    pen.fillRect(64, 64, 64, 64);
    const map = new THREE.CanvasTexture(tile);
    map.encoding = THREE.sRGBEncoding;
    map.wrapS = map.wrapT = THREE.RepeatWrapping;
    map.repeat.set(FLOOR_M / 2, FLOOR_M / 2);
    map.anisotropy = Math.min(8, this.renderer.capabilities.getMaxAnisotropy());
    const floor = new THREE.Mesh(new THREE.PlaneGeometry(FLOOR_M, FLOOR_M), new THREE.MeshLambertMaterial({ map }));
    floor.rotation.x = -Math.PI / 2;
    floor.receiveShadow = true;
    this.scene.add(floor);
  }

  /** Fetch and parse a GLB; resolves to the parsed file, which `swap` puts on the stage. */
  parse(bytes) {
    return new Promise((resolve, reject) => new THREE.GLTFLoader().parse(bytes, '', resolve, reject));
  }

  /** Replace the bodies and keep the camera; returns the animation's length in seconds. */
  swap(gltf) {
    const [first, before] = [!this.body, this.pair.length];
    this.clear();
    this.body = gltf.scene;
    this.scene.add(this.body);
    const meshes = [];
    this.body.traverse((node) => node.isSkinnedMesh && meshes.push(node));
    const two = meshes.some((mesh) => mesh.userData.name.endsWith(PAIR[1]));
    meshes.forEach((mesh) => this.prepare(mesh, two));
    this.mixer = new THREE.AnimationMixer(this.body);
    this.actions = gltf.animations.map((clip) => this.mixer.clipAction(clip).play());
    this.persons = meshes.filter((m) => !m.material.transparent).map(({ userData, skeleton, material }) => (
      { name: userData.name, hip: skeleton.bones[0], head: skeleton.bones[HEAD], color: material.color }));
    this.setGhost(this.ghostVisible);
    this.setTime(0);
    if (this.follow) this.chase(1);
    if (first || (this.atHome && before !== this.pair.length)) this.resetCamera();
    return Math.max(0, ...gltf.animations.map((clip) => clip.duration));
  }

  /** A see-through body needs a depth pass first, or its back shows through its front.
   *  two: whether a pair is on stage, whose ghosts keep their own colours. */
  prepare(mesh, two) {
    mesh.frustumCulled = false;
    mesh.castShadow = !mesh.material.transparent;
    mesh.receiveShadow = !mesh.material.transparent;
    if (!mesh.material.transparent) return;
    const offset = { polygonOffset: true, polygonOffsetFactor: 4, polygonOffsetUnits: 8 };
    Object.assign(mesh.material, offset, { depthWrite: true, depthFunc: THREE.LessEqualDepth });
    if (!two) mesh.material.color.set(GHOST.color).convertSRGBToLinear();
    mesh.material.opacity = GHOST.opacity;
    const pre = mesh.clone();
    pre.material = new THREE.MeshBasicMaterial({ colorWrite: false, ...offset });
    pre.frustumCulled = false;
    pre.castShadow = pre.receiveShadow = false;
    pre.renderOrder = 1;
    mesh.renderOrder = 2;
    mesh.parent.add(pre);
    pre.bind(mesh.skeleton, mesh.bindMatrix);
    this.ghosts.push(mesh, pre);
  }

  clear() {
    if (!this.body) return;
    this.scene.remove(this.body);
    this.mixer.stopAllAction();
    this.body.traverse((node) => {
      if (!node.isMesh) return;
      node.geometry.dispose();
      node.material.dispose();
      if (node.skeleton) node.skeleton.dispose();
    });
    this.body = null;
    this.ghosts = [];
    this.persons = [];
    this.dirty = true;
  }

  setTime(seconds) {
    if (!this.mixer) return;
    for (const action of this.actions) {
      action.paused = false;
      action.enabled = true;
      action.time = Math.min(seconds, action.getClip().duration);
    }
    this.mixer.update(0);
    this.dirty = true;
  }

  get hasGhost() { return this.ghosts.length > 0; }

  setGhost(visible) {
    this.ghostVisible = visible;
    this.ghosts.forEach((mesh) => { mesh.visible = visible; });
    this.dirty = true;
  }

  /** The two persons of a scene of two; empty for one, whatever stands beside it. */
  get pair() {
    return this.persons.filter(({ name }) => PAIR.includes(name));
  }

  /** The bodies that the camera keeps in sight. */
  get followed() {
    const chosen = this.persons.filter(({ name }) => name === this.whom);
    return chosen.length ? chosen : this.persons;
  }

  /** whom: 'A', 'B' or 'both'; kept for the next pair if there is none now. */
  setWhom(whom) {
    this.whom = whom;
    this.dirty = true;
  }

  /** Move the target towards the middle of the followed bodies by the share `rate` in [0, 1]. */
  chase(rate) {
    const hips = this.followed.map(({ hip }) => hip);
    if (!hips.length) return;
    const middle = new THREE.Vector3();
    const point = new THREE.Vector3();
    this.body.updateMatrixWorld(true);
    hips.forEach((hip) => middle.add(hip.getWorldPosition(point)));
    middle.divideScalar(hips.length);
    this.spread = Math.max(...hips.map((hip) => hip.getWorldPosition(point).distanceTo(middle)));
    const [dx, dz] = [middle.x - this.target.x, middle.z - this.target.z];
    if (!dx && !dz) return;
    const near = Math.hypot(dx, dz) < 0.003;
    this.target.x = near ? middle.x : this.target.x + dx * rate;
    this.target.z = near ? middle.z : this.target.z + dz * rate;
    this.dirty = true;
  }

  resetCamera() {
    Object.assign(this, { yaw: this.homeYaw(), pitch: HOME.pitch, distance: HOME.distance, atHome: true });
    this.target.y = HOME.height;
    this.chase(1);
    this.distance += this.followed.length > 1 ? 1.4 * Math.min(1, this.spread) : 0;
    this.dirty = true;
  }

  /** Two persons are seen nearly from the side, so that neither hides the other, A on the left unless both turn away. */
  homeYaw() {
    const [a, b] = this.pair.map(({ hip }) => hip.getWorldPosition(new THREE.Vector3()));
    if (!b) return HOME.yaw;
    const yaw = Math.atan2(b.x - a.x, b.z - a.z) - Math.PI / 2;
    const facing = this.pair.map(({ hip }) => hip.getWorldDirection(new THREE.Vector3()));
    const towards = facing.reduce((sum, { x, z }) => sum + x * Math.sin(yaw) + z * Math.cos(yaw), 0);
    return yaw + (towards < -0.5 ? Math.PI : 0) + PAIR_YAW;
  }

  orbit(dx, dy) {
    this.yaw -= dx * 0.008;
    this.pitch = Math.min(1.56, Math.max(0.08, this.pitch - dy * 0.008));
    this.atHome = false;
    this.dirty = true;
  }

  pan(dx, dy) {
    const scale = this.distance * 0.0014;
    const right = new THREE.Vector3().setFromMatrixColumn(this.camera.matrix, 0);
    const up = new THREE.Vector3().setFromMatrixColumn(this.camera.matrix, 1);
    this.target.addScaledVector(right, -dx * scale).addScaledVector(up, dy * scale);
    this.target.y = Math.min(4, Math.max(0, this.target.y));
    this.atHome = false;
    this.dirty = true;
  }

  zoom(factor) {
    this.distance = Math.min(18, Math.max(1, this.distance * factor));
    this.atHome = false;
    this.dirty = true;
  }

  /** One pointer turns, two pinch and move, the right button or Shift moves. Moving by hand ends the following. */
  bindPointer() {
    const held = new Map();
    const { canvas } = this;
    canvas.addEventListener('contextmenu', (event) => event.preventDefault());
    canvas.addEventListener('pointerdown', (event) => {
      held.set(event.pointerId, [event.clientX, event.clientY]);
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener('pointermove', (event) => {
      const last = held.get(event.pointerId);
      if (!last) return;
      const [dx, dy] = [event.clientX - last[0], event.clientY - last[1]];
      const spread = () => {
        const [a, b] = [...held.values()];
        return Math.hypot(a[0] - b[0], a[1] - b[1]) || 1;
      };
      const before = held.size === 2 ? spread() : 0;
      held.set(event.pointerId, [event.clientX, event.clientY]);
      if (held.size === 2) {
        this.zoom(before / spread());
        this.moveByHand(dx / 2, dy / 2);
      } else if (event.buttons & 6 || event.shiftKey) {
        this.moveByHand(dx, dy);
      } else {
        this.orbit(dx, dy);
      }
    });
    const drop = (event) => held.delete(event.pointerId);
    canvas.addEventListener('pointerup', drop);
    canvas.addEventListener('pointercancel', drop);
    canvas.addEventListener('wheel', (event) => {
      event.preventDefault();
      this.zoom(Math.exp(event.deltaY * 0.001));
    }, { passive: false });
  }

  moveByHand(dx, dy) {
    this.pan(dx, dy);
    if (this.follow && this.onFollowEnd) this.onFollowEnd();
  }

  fit() {
    const width = this.canvas.clientWidth;
    const height = this.canvas.clientHeight;
    if (!width || !height) return false;
    const size = this.renderer.getSize(new THREE.Vector2());
    if (size.x !== width || size.y !== height || this.renderer.getPixelRatio() !== this.pixelRatio) {
      this.renderer.setPixelRatio(this.pixelRatio);
      this.renderer.setSize(width, height, false);
      this.camera.aspect = width / height;
      this.camera.updateProjectionMatrix();
      this.dirty = true;
    }
    return true;
  }

  /** Where on the canvas, in CSS pixels, the place over a person's head was drawn; null behind the camera. */
  overHead({ head }) {
    const point = head.getWorldPosition(new THREE.Vector3());
    point.y += ABOVE_HEAD_M;
    point.project(this.camera);
    if (Math.abs(point.z) > 1) return null;
    return [((point.x + 1) / 2) * this.canvas.clientWidth, ((1 - point.y) / 2) * this.canvas.clientHeight];
  }

  /** Draw if anything changed since the last call; returns whether it drew. */
  draw() {
    if (!this.fit() || !this.dirty) return false;
    this.dirty = false;
    const { yaw, pitch, target } = this;
    // Versions side by side may walk apart: as long as the camera follows, it steps back far enough to see both.
    const apart = this.follow && this.followed.length > 1 && this.spread > 1 ? (this.spread + 0.7) / 0.34 : 0;
    const distance = Math.max(this.distance * Math.max(1, 0.72 / this.camera.aspect), apart / this.camera.aspect);
    this.camera.position.set(
      target.x + distance * Math.sin(pitch) * Math.sin(yaw),
      Math.max(0.05, target.y + distance * Math.cos(pitch)),
      target.z + distance * Math.sin(pitch) * Math.cos(yaw),
    );
    this.camera.lookAt(target);
    this.sun.position.set(target.x + 2.2, 5, target.z + 2.6);
    this.sun.target.position.set(target.x, 0.5, target.z);
    this.renderer.render(this.scene, this.camera);
    return true;
  }
}
