/**
 * timm's published checkpoints of this family: architecture, tag, and what differs from 1,000 classes, 224×224 pixels,
 * a crop of 0.875, bicubic resampling, ImageNet's mean and deviation, and the Apache licence. `testSize` and
 * `testCrop` are those of timm's best evaluation; `file` is the release it was first published in. The first tag of an architecture is its default, as in timm.
 */
export const timmRows: readonly TimmRow[] = [
  [
    'ecaresnet26t',
    'ra2_in1k',
    { size: 256, testSize: 320, testCrop: 0.95, file: 'rw:v0.1-weights/ecaresnet26t_ra2-46609757.pth' },
  ],
  ['ecaresnet50d', 'miil_in1k', { testSize: 288, testCrop: 0.95, file: 'rw:v0.1-tresnet/ecaresnet50d-93c81e3b.pth' }],
  [
    'ecaresnet50d_pruned',
    'miil_in1k',
    { testSize: 288, testCrop: 0.95, file: 'rw:v0.1-tresnet/ecaresnet50d_p-e4fa23c2.pth' },
  ],
  [
    'ecaresnet50t',
    'ra2_in1k',
    { size: 256, testSize: 320, testCrop: 0.95, file: 'rw:v0.1-weights/ecaresnet50t_ra2-f7ac63c4.pth' },
  ],
  [
    'ecaresnet50t',
    'a1_in1k',
    { crop: 0.95, testSize: 288, testCrop: 1.0, file: 'hf:v0.1-rsb-weights/ecaresnet50t_a1_0-99bd76a8.pth' },
  ],
  [
    'ecaresnet50t',
    'a2_in1k',
    { crop: 0.95, testSize: 288, testCrop: 1.0, file: 'hf:v0.1-rsb-weights/ecaresnet50t_a2_0-b1c7b745.pth' },
  ],
  [
    'ecaresnet50t',
    'a3_in1k',
    {
      size: 160,
      crop: 0.95,
      testSize: 224,
      testCrop: 0.95,
      file: 'hf:v0.1-rsb-weights/ecaresnet50t_a3_0-8cc311f1.pth',
    },
  ],
  ['ecaresnet101d', 'miil_in1k', { testSize: 288, testCrop: 0.95, file: 'rw:v0.1-tresnet/ecaresnet101d-153dad65.pth' }],
  [
    'ecaresnet101d_pruned',
    'miil_in1k',
    { testSize: 288, testCrop: 0.95, file: 'rw:v0.1-tresnet/ecaresnet101d_p-9e74cb91.pth' },
  ],
  [
    'ecaresnet269d',
    'ra2_in1k',
    { size: 320, crop: 0.95, testSize: 352, testCrop: 1.0, file: 'rw:v0.1-weights/ecaresnet269d_320_ra2-7baa55cb.pth' },
  ],
  [
    'ecaresnetlight',
    'miil_in1k',
    { testSize: 288, testCrop: 0.95, file: 'rw:v0.1-tresnet/ecaresnetlight-75a9c627.pth' },
  ],
  [
    'resnet10t',
    'c3_in1k',
    { size: 176, testSize: 224, testCrop: 0.95, file: 'rw:v0.1-rsb-weights/resnet10t_176_c3-f3215ab1.pth' },
  ],
  [
    'resnet14t',
    'c3_in1k',
    { size: 176, testSize: 224, testCrop: 0.95, file: 'rw:v0.1-rsb-weights/resnet14t_176_c3-c4ed2c37.pth' },
  ],
  [
    'resnet18',
    'a1_in1k',
    { crop: 0.95, testSize: 288, testCrop: 1.0, file: 'hf:v0.1-rsb-weights/resnet18_a1_0-d63eafa0.pth' },
  ],
  [
    'resnet18',
    'a2_in1k',
    { crop: 0.95, testSize: 288, testCrop: 1.0, file: 'hf:v0.1-rsb-weights/resnet18_a2_0-b61bd467.pth' },
  ],
  [
    'resnet18',
    'a3_in1k',
    { size: 160, crop: 0.95, testSize: 224, testCrop: 0.95, file: 'hf:v0.1-rsb-weights/resnet18_a3_0-40c531c8.pth' },
  ],
  [
    'resnet18',
    'fb_ssl_yfcc100m_ft_in1k',
    { interpolation: 'bilinear', license: 'cc-by-nc-4.0', file: 'fb:semi_supervised_resnet18-d92f0530.pth' },
  ],
  [
    'resnet18',
    'fb_swsl_ig1b_ft_in1k',
    { interpolation: 'bilinear', license: 'cc-by-nc-4.0', file: 'fb:semi_weakly_supervised_resnet18-118f1556.pth' },
  ],
  ['resnet18', 'gluon_in1k', { file: 'gluon:gluon_resnet18_v1b-0757602b.pth' }],
  ['resnet18', 'tv_in1k', { interpolation: 'bilinear', license: 'bsd-3-clause', file: 'torch:resnet18-f37072fd.pth' }],
  ['resnet18d', 'ra2_in1k', { testSize: 288, testCrop: 0.95, file: 'rw:v0.1-weights/resnet18d_ra2-48a79e06.pth' }],
  ['resnet18d', 'ra4_e3600_r224_in1k', { crop: 0.9, testSize: 288, testCrop: 1.0, half: true }],
  ['resnet26', 'bt_in1k', { testSize: 288, testCrop: 0.95, file: 'rw:v0.1-weights/resnet26-9aa10e23.pth' }],
  ['resnet26d', 'bt_in1k', { testSize: 288, testCrop: 0.95, file: 'rw:v0.1-weights/resnet26d-69e92c46.pth' }],
  [
    'resnet26t',
    'ra2_in1k',
    {
      size: 256,
      crop: 0.94,
      testSize: 320,
      testCrop: 1.0,
      file: 'rw:v0.1-attn-weights/resnet26t_256_ra2-6f6fa748.pth',
    },
  ],
  [
    'resnet34',
    'a1_in1k',
    { crop: 0.95, testSize: 288, testCrop: 1.0, file: 'hf:v0.1-rsb-weights/resnet34_a1_0-46f8f793.pth' },
  ],
  [
    'resnet34',
    'a2_in1k',
    { crop: 0.95, testSize: 288, testCrop: 1.0, file: 'hf:v0.1-rsb-weights/resnet34_a2_0-82d47d71.pth' },
  ],
  [
    'resnet34',
    'a3_in1k',
    { size: 160, crop: 0.95, testSize: 224, testCrop: 0.95, file: 'hf:v0.1-rsb-weights/resnet34_a3_0-a20cabb6.pth' },
  ],
  ['resnet34', 'bt_in1k', { testSize: 288, testCrop: 0.95, file: 'rw:v0.1-weights/resnet34-43635321.pth' }],
  ['resnet34', 'gluon_in1k', { file: 'gluon:gluon_resnet34_v1b-c6d82d59.pth' }],
  ['resnet34', 'ra4_e3600_r224_in1k', { crop: 0.9, testSize: 288, testCrop: 1.0, half: true }],
  ['resnet34', 'tv_in1k', { interpolation: 'bilinear', license: 'bsd-3-clause', file: 'torch:resnet34-b627a593.pth' }],
  ['resnet34d', 'ra2_in1k', { testSize: 288, testCrop: 0.95, file: 'rw:v0.1-weights/resnet34d_ra2-f8dcfcaf.pth' }],
  [
    'resnet50',
    'a1_in1k',
    { crop: 0.95, testSize: 288, testCrop: 1.0, file: 'rw:v0.1-rsb-weights/resnet50_a1_0-14fe96d1.pth' },
  ],
  [
    'resnet50',
    'a1h_in1k',
    { size: 176, crop: 0.9, testSize: 224, testCrop: 1.0, file: 'hf:v0.1-rsb-weights/resnet50_a1h2_176-001a1197.pth' },
  ],
  [
    'resnet50',
    'a2_in1k',
    { crop: 0.95, testSize: 288, testCrop: 1.0, file: 'hf:v0.1-rsb-weights/resnet50_a2_0-a2746f79.pth' },
  ],
  [
    'resnet50',
    'a3_in1k',
    { size: 160, crop: 0.95, testSize: 224, testCrop: 0.95, file: 'hf:v0.1-rsb-weights/resnet50_a3_0-59cae1ef.pth' },
  ],
  ['resnet50', 'am_in1k', { file: 'hf:v0.1-weights/resnet50_am-6c502b37.pth' }],
  [
    'resnet50',
    'b1k_in1k',
    { crop: 0.95, testSize: 288, testCrop: 1.0, file: 'hf:v0.1-rsb-weights/resnet50_b1k-532a802a.pth' },
  ],
  [
    'resnet50',
    'b2k_in1k',
    { crop: 0.95, testSize: 288, testCrop: 1.0, file: 'hf:v0.1-rsb-weights/resnet50_b2k-1ba180c1.pth' },
  ],
  ['resnet50', 'bt_in1k', { testSize: 288, testCrop: 0.95, file: 'hf:v0.1-weights/rw_resnet50-86acaeed.pth' }],
  [
    'resnet50',
    'c1_in1k',
    { crop: 0.95, testSize: 288, testCrop: 1.0, file: 'hf:v0.1-rsb-weights/resnet50_c1-5ba5e060.pth' },
  ],
  [
    'resnet50',
    'c2_in1k',
    { crop: 0.95, testSize: 288, testCrop: 1.0, file: 'hf:v0.1-rsb-weights/resnet50_c2-d01e05b2.pth' },
  ],
  [
    'resnet50',
    'd_in1k',
    { crop: 0.95, testSize: 288, testCrop: 1.0, file: 'hf:v0.1-rsb-weights/resnet50_d-f39db8af.pth' },
  ],
  [
    'resnet50',
    'fb_ssl_yfcc100m_ft_in1k',
    { interpolation: 'bilinear', license: 'cc-by-nc-4.0', file: 'fb:semi_supervised_resnet50-08389792.pth' },
  ],
  [
    'resnet50',
    'fb_swsl_ig1b_ft_in1k',
    { interpolation: 'bilinear', license: 'cc-by-nc-4.0', file: 'fb:semi_weakly_supervised_resnet50-16a12f1b.pth' },
  ],
  ['resnet50', 'gluon_in1k', { file: 'gluon:gluon_resnet50_v1b-0ebe02e2.pth' }],
  ['resnet50', 'ra_in1k', { testSize: 288, testCrop: 0.95, file: 'hf:v0.1-weights/resnet50_ra-85ebb6e5.pth' }],
  ['resnet50', 'ram_in1k', { testSize: 288, testCrop: 0.95, file: 'hf:v0.1-weights/resnet50_ram-a26f946b.pth' }],
  [
    'resnet50',
    'tv2_in1k',
    {
      size: 176,
      testSize: 224,
      testCrop: 0.965,
      interpolation: 'bilinear',
      license: 'bsd-3-clause',
      file: 'torch:resnet50-11ad3fa6.pth',
    },
  ],
  ['resnet50', 'tv_in1k', { interpolation: 'bilinear', license: 'bsd-3-clause', file: 'torch:resnet50-0676ba61.pth' }],
  [
    'resnet50_gn',
    'a1h_in1k',
    { crop: 0.94, testSize: 288, testCrop: 0.95, file: 'rw:v0.1-rsb-weights/resnet50_gn_a1h2-8fe6c4d0.pth' },
  ],
  ['resnet50c', 'gluon_in1k', { file: 'gluon:gluon_resnet50_v1c-48092f55.pth' }],
  ['resnet50d', 'ra2_in1k', { testSize: 288, testCrop: 0.95, file: 'rw:v0.1-weights/resnet50d_ra2-464e36ba.pth' }],
  [
    'resnet50d',
    'a1_in1k',
    { crop: 0.95, testSize: 288, testCrop: 1.0, file: 'hf:v0.1-rsb-weights/resnet50d_a1_0-e20cff14.pth' },
  ],
  [
    'resnet50d',
    'a2_in1k',
    { crop: 0.95, testSize: 288, testCrop: 1.0, file: 'hf:v0.1-rsb-weights/resnet50d_a2_0-a3adc64d.pth' },
  ],
  [
    'resnet50d',
    'a3_in1k',
    { size: 160, crop: 0.95, testSize: 224, testCrop: 0.95, file: 'hf:v0.1-rsb-weights/resnet50d_a3_0-403fdfad.pth' },
  ],
  ['resnet50d', 'gluon_in1k', { file: 'gluon:gluon_resnet50_v1d-818a1b1b.pth' }],
  ['resnet50d', 'ra4_e3600_r224_in1k', { crop: 0.95, testSize: 288, testCrop: 1.0, half: true }],
  ['resnet50s', 'gluon_in1k', { file: 'gluon:gluon_resnet50_v1s-1762acc0.pth' }],
  [
    'resnet101',
    'a1_in1k',
    { crop: 0.95, testSize: 288, testCrop: 1.0, file: 'hf:v0.1-rsb-weights/resnet101_a1_0-cdcb52a9.pth' },
  ],
  [
    'resnet101',
    'a1h_in1k',
    { crop: 0.95, testSize: 288, testCrop: 1.0, file: 'rw:v0.1-rsb-weights/resnet101_a1h-36d3f2aa.pth' },
  ],
  [
    'resnet101',
    'a2_in1k',
    { crop: 0.95, testSize: 288, testCrop: 1.0, file: 'hf:v0.1-rsb-weights/resnet101_a2_0-6edb36c7.pth' },
  ],
  [
    'resnet101',
    'a3_in1k',
    { size: 160, crop: 0.95, testSize: 224, testCrop: 0.95, file: 'hf:v0.1-rsb-weights/resnet101_a3_0-1db14157.pth' },
  ],
  ['resnet101', 'gluon_in1k', { file: 'gluon:gluon_resnet101_v1b-3b017079.pth' }],
  [
    'resnet101',
    'tv2_in1k',
    {
      size: 176,
      testSize: 224,
      testCrop: 0.965,
      interpolation: 'bilinear',
      license: 'bsd-3-clause',
      file: 'torch:resnet101-cd907fc2.pth',
    },
  ],
  [
    'resnet101',
    'tv_in1k',
    { interpolation: 'bilinear', license: 'bsd-3-clause', file: 'torch:resnet101-63fe2227.pth' },
  ],
  ['resnet101c', 'gluon_in1k', { file: 'gluon:gluon_resnet101_v1c-1f26822a.pth' }],
  [
    'resnet101d',
    'ra2_in1k',
    { size: 256, crop: 0.95, testSize: 320, testCrop: 1.0, file: 'rw:v0.1-weights/resnet101d_ra2-2803ffab.pth' },
  ],
  ['resnet101d', 'gluon_in1k', { file: 'gluon:gluon_resnet101_v1d-0f9c8644.pth' }],
  ['resnet101s', 'gluon_in1k', { file: 'gluon:gluon_resnet101_v1s-60fe0cc1.pth' }],
  [
    'resnet152',
    'a1_in1k',
    { crop: 0.95, testSize: 288, testCrop: 1.0, file: 'hf:v0.1-rsb-weights/resnet152_a1_0-2eee8a7a.pth' },
  ],
  [
    'resnet152',
    'a1h_in1k',
    { crop: 0.95, testSize: 288, testCrop: 1.0, file: 'rw:v0.1-rsb-weights/resnet152_a1h-dc400468.pth' },
  ],
  [
    'resnet152',
    'a2_in1k',
    { crop: 0.95, testSize: 288, testCrop: 1.0, file: 'hf:v0.1-rsb-weights/resnet152_a2_0-b4c6978f.pth' },
  ],
  [
    'resnet152',
    'a3_in1k',
    { size: 160, crop: 0.95, testSize: 224, testCrop: 0.95, file: 'hf:v0.1-rsb-weights/resnet152_a3_0-134d4688.pth' },
  ],
  ['resnet152', 'gluon_in1k', { file: 'gluon:gluon_resnet152_v1b-c1edb0dd.pth' }],
  [
    'resnet152',
    'tv2_in1k',
    {
      size: 176,
      testSize: 224,
      testCrop: 0.965,
      interpolation: 'bilinear',
      license: 'bsd-3-clause',
      file: 'torch:resnet152-f82ba261.pth',
    },
  ],
  [
    'resnet152',
    'tv_in1k',
    { interpolation: 'bilinear', license: 'bsd-3-clause', file: 'torch:resnet152-394f9c45.pth' },
  ],
  ['resnet152c', 'gluon_in1k', { file: 'gluon:gluon_resnet152_v1c-a3bb0b98.pth' }],
  [
    'resnet152d',
    'ra2_in1k',
    { size: 256, crop: 0.95, testSize: 320, testCrop: 1.0, file: 'rw:v0.1-weights/resnet152d_ra2-5cac0439.pth' },
  ],
  ['resnet152d', 'gluon_in1k', { file: 'gluon:gluon_resnet152_v1d-bd354e12.pth' }],
  ['resnet152s', 'gluon_in1k', { file: 'gluon:gluon_resnet152_v1s-dcc41b81.pth' }],
  [
    'resnet200d',
    'ra2_in1k',
    { size: 256, crop: 0.95, testSize: 320, testCrop: 1.0, file: 'rw:v0.1-weights/resnet200d_ra2-bdba9bf9.pth' },
  ],
  [
    'resnetaa50',
    'a1h_in1k',
    { crop: 0.95, testSize: 288, testCrop: 1.0, file: 'rw:v0.1-rsb-weights/resnetaa50_a1h-4cf422b3.pth' },
  ],
  ['resnetaa50d', 'd_in12k', { classes: 11821, crop: 0.95, testSize: 288, testCrop: 1.0 }],
  ['resnetaa50d', 'sw_in12k', { classes: 11821, crop: 0.95, testSize: 288, testCrop: 1.0 }],
  ['resnetaa50d', 'sw_in12k_ft_in1k', { crop: 0.95, testSize: 288, testCrop: 1.0 }],
  ['resnetaa101d', 'sw_in12k', { classes: 11821, crop: 0.95, testSize: 288, testCrop: 1.0 }],
  ['resnetaa101d', 'sw_in12k_ft_in1k', { crop: 0.95, testSize: 288, testCrop: 1.0 }],
  ['resnetblur50', 'bt_in1k', { testSize: 288, testCrop: 0.95, file: 'rw:v0.1-weights/resnetblur50-84f4748f.pth' }],
  [
    'resnetrs50',
    'tf_in1k',
    { size: 160, crop: 0.91, testSize: 224, file: 'rw:v0.1-rs-weights/resnetrs50_ema-6b53758b.pth' },
  ],
  [
    'resnetrs101',
    'tf_in1k',
    { size: 192, crop: 0.94, testSize: 288, file: 'rw:v0.1-rs-weights/resnetrs101_i192_ema-1509bbf6.pth' },
  ],
  [
    'resnetrs152',
    'tf_in1k',
    { size: 256, crop: 1.0, testSize: 320, file: 'rw:v0.1-rs-weights/resnetrs152_i256_ema-a9aff7f9.pth' },
  ],
  [
    'resnetrs200',
    'tf_in1k',
    { size: 256, crop: 1.0, testSize: 320, file: 'rw:v0.1-tpu-weights/resnetrs200_c-6b698b88.pth' },
  ],
  [
    'resnetrs270',
    'tf_in1k',
    { size: 256, crop: 1.0, testSize: 352, file: 'rw:v0.1-rs-weights/resnetrs270_ema-b40e674c.pth' },
  ],
  [
    'resnetrs350',
    'tf_in1k',
    { size: 288, crop: 1.0, testSize: 384, file: 'rw:v0.1-rs-weights/resnetrs350_i256_ema-5a1aa8f1.pth' },
  ],
  [
    'resnetrs420',
    'tf_in1k',
    { size: 320, crop: 1.0, testSize: 416, file: 'rw:v0.1-rs-weights/resnetrs420_ema-972dee69.pth' },
  ],
  [
    'resnext50_32x4d',
    'a1_in1k',
    { crop: 0.95, testSize: 288, testCrop: 1.0, file: 'hf:v0.1-rsb-weights/resnext50_32x4d_a1_0-b5a91a1d.pth' },
  ],
  [
    'resnext50_32x4d',
    'a1h_in1k',
    { crop: 0.95, testSize: 288, testCrop: 1.0, file: 'rw:v0.1-rsb-weights/resnext50_32x4d_a1h-0146ab0a.pth' },
  ],
  [
    'resnext50_32x4d',
    'a2_in1k',
    { crop: 0.95, testSize: 288, testCrop: 1.0, file: 'hf:v0.1-rsb-weights/resnext50_32x4d_a2_0-efc76add.pth' },
  ],
  [
    'resnext50_32x4d',
    'a3_in1k',
    {
      size: 160,
      crop: 0.95,
      testSize: 224,
      testCrop: 0.95,
      file: 'hf:v0.1-rsb-weights/resnext50_32x4d_a3_0-3e450271.pth',
    },
  ],
  [
    'resnext50_32x4d',
    'fb_ssl_yfcc100m_ft_in1k',
    { interpolation: 'bilinear', license: 'cc-by-nc-4.0', file: 'fb:semi_supervised_resnext50_32x4-ddb3e555.pth' },
  ],
  [
    'resnext50_32x4d',
    'fb_swsl_ig1b_ft_in1k',
    {
      interpolation: 'bilinear',
      license: 'cc-by-nc-4.0',
      file: 'fb:semi_weakly_supervised_resnext50_32x4-72679e44.pth',
    },
  ],
  ['resnext50_32x4d', 'gluon_in1k', { file: 'gluon:gluon_resnext50_32x4d-e6a097c1.pth' }],
  [
    'resnext50_32x4d',
    'ra_in1k',
    { testSize: 288, testCrop: 0.95, file: 'hf:v0.1-weights/resnext50_32x4d_ra-d733960d.pth' },
  ],
  [
    'resnext50_32x4d',
    'tv2_in1k',
    {
      size: 176,
      testSize: 224,
      testCrop: 0.965,
      interpolation: 'bilinear',
      license: 'bsd-3-clause',
      file: 'torch:resnext50_32x4d-1a0047aa.pth',
    },
  ],
  [
    'resnext50_32x4d',
    'tv_in1k',
    { interpolation: 'bilinear', license: 'bsd-3-clause', file: 'torch:resnext50_32x4d-7cdf4587.pth' },
  ],
  [
    'resnext50d_32x4d',
    'bt_in1k',
    { testSize: 288, testCrop: 0.95, file: 'rw:v0.1-weights/resnext50d_32x4d-103e99f8.pth' },
  ],
  [
    'resnext101_32x4d',
    'fb_ssl_yfcc100m_ft_in1k',
    { interpolation: 'bilinear', license: 'cc-by-nc-4.0', file: 'fb:semi_supervised_resnext101_32x4-dc43570a.pth' },
  ],
  [
    'resnext101_32x4d',
    'fb_swsl_ig1b_ft_in1k',
    {
      interpolation: 'bilinear',
      license: 'cc-by-nc-4.0',
      file: 'fb:semi_weakly_supervised_resnext101_32x4-3f87e46b.pth',
    },
  ],
  ['resnext101_32x4d', 'gluon_in1k', { file: 'gluon:gluon_resnext101_32x4d-b253c8c4.pth' }],
  [
    'resnext101_32x8d',
    'fb_ssl_yfcc100m_ft_in1k',
    { interpolation: 'bilinear', license: 'cc-by-nc-4.0', file: 'fb:semi_supervised_resnext101_32x8-2cfe2f8b.pth' },
  ],
  [
    'resnext101_32x8d',
    'fb_swsl_ig1b_ft_in1k',
    {
      interpolation: 'bilinear',
      license: 'cc-by-nc-4.0',
      file: 'fb:semi_weakly_supervised_resnext101_32x8-b4712904.pth',
    },
  ],
  [
    'resnext101_32x8d',
    'fb_wsl_ig1b_ft_in1k',
    { interpolation: 'bilinear', license: 'cc-by-nc-4.0', file: 'torch:ig_resnext101_32x8-c38310e5.pth' },
  ],
  [
    'resnext101_32x8d',
    'tv2_in1k',
    {
      size: 176,
      testSize: 224,
      testCrop: 0.965,
      interpolation: 'bilinear',
      license: 'bsd-3-clause',
      file: 'torch:resnext101_32x8d-110c445d.pth',
    },
  ],
  [
    'resnext101_32x8d',
    'tv_in1k',
    { interpolation: 'bilinear', license: 'bsd-3-clause', file: 'torch:resnext101_32x8d-8ba56ff5.pth' },
  ],
  [
    'resnext101_32x16d',
    'fb_ssl_yfcc100m_ft_in1k',
    { interpolation: 'bilinear', license: 'cc-by-nc-4.0', file: 'fb:semi_supervised_resnext101_32x16-15fffa57.pth' },
  ],
  [
    'resnext101_32x16d',
    'fb_swsl_ig1b_ft_in1k',
    {
      interpolation: 'bilinear',
      license: 'cc-by-nc-4.0',
      file: 'fb:semi_weakly_supervised_resnext101_32x16-f3559a9c.pth',
    },
  ],
  [
    'resnext101_32x16d',
    'fb_wsl_ig1b_ft_in1k',
    { interpolation: 'bilinear', license: 'cc-by-nc-4.0', file: 'torch:ig_resnext101_32x16-c6f796b0.pth' },
  ],
  [
    'resnext101_32x32d',
    'fb_wsl_ig1b_ft_in1k',
    { interpolation: 'bilinear', license: 'cc-by-nc-4.0', file: 'torch:ig_resnext101_32x32-e4b90b00.pth' },
  ],
  [
    'resnext101_64x4d',
    'c1_in1k',
    { crop: 0.95, testSize: 288, testCrop: 1.0, file: 'rw:v0.1-tpu-weights/resnext101_64x4d_c-0d0e0cc0.pth' },
  ],
  ['resnext101_64x4d', 'gluon_in1k', { file: 'gluon:gluon_resnext101_64x4d-f9a8e184.pth' }],
  [
    'resnext101_64x4d',
    'tv_in1k',
    { interpolation: 'bilinear', license: 'bsd-3-clause', file: 'torch:resnext101_64x4d-173b62eb.pth' },
  ],
  ['senet154', 'gluon_in1k', { file: 'gluon:gluon_senet154-70a1a3c0.pth' }],
  [
    'seresnet50',
    'a1_in1k',
    { crop: 0.95, testSize: 288, testCrop: 1.0, file: 'hf:v0.1-rsb-weights/seresnet50_a1_0-ffa00869.pth' },
  ],
  [
    'seresnet50',
    'a2_in1k',
    { crop: 0.95, testSize: 288, testCrop: 1.0, file: 'hf:v0.1-rsb-weights/seresnet50_a2_0-850de0d9.pth' },
  ],
  [
    'seresnet50',
    'a3_in1k',
    { size: 160, crop: 0.95, testSize: 224, testCrop: 0.95, file: 'hf:v0.1-rsb-weights/seresnet50_a3_0-317ecd56.pth' },
  ],
  ['seresnet50', 'ra2_in1k', { testSize: 288, testCrop: 0.95, file: 'rw:v0.1-weights/seresnet50_ra_224-8efdb4bb.pth' }],
  [
    'seresnet152d',
    'ra2_in1k',
    { size: 256, crop: 0.95, testSize: 320, testCrop: 1.0, file: 'rw:v0.1-weights/seresnet152d_ra2-04464dd2.pth' },
  ],
  [
    'seresnext26d_32x4d',
    'bt_in1k',
    { testSize: 288, testCrop: 0.95, file: 'rw:v0.1-weights/seresnext26d_32x4d-80fa48a3.pth' },
  ],
  [
    'seresnext26t_32x4d',
    'bt_in1k',
    { testSize: 288, testCrop: 0.95, file: 'rw:v0.1-weights/seresnext26tn_32x4d-569cb627.pth' },
  ],
  ['seresnext50_32x4d', 'gluon_in1k', { file: 'gluon:gluon_seresnext50_32x4d-90cf2d6e.pth' }],
  [
    'seresnext50_32x4d',
    'racm_in1k',
    { testSize: 288, testCrop: 0.95, file: 'rw:v0.1-weights/seresnext50_32x4d_racm-a304a460.pth' },
  ],
  ['seresnext101_32x4d', 'gluon_in1k', { file: 'gluon:gluon_seresnext101_32x4d-cf52900d.pth' }],
  [
    'seresnext101_32x8d',
    'ah_in1k',
    { crop: 0.95, testSize: 288, testCrop: 1.0, file: 'rw:v0.1-tpu-weights/seresnext101_32x8d_ah-e6bc4c0a.pth' },
  ],
  ['seresnext101_64x4d', 'gluon_in1k', { file: 'gluon:gluon_seresnext101_64x4d-f9926f93.pth' }],
  [
    'seresnext101d_32x8d',
    'ah_in1k',
    { crop: 0.95, testSize: 288, testCrop: 1.0, file: 'rw:v0.1-tpu-weights/seresnext101d_32x8d_ah-191d7b94.pth' },
  ],
  ['seresnextaa101d_32x8d', 'sw_in12k_ft_in1k_288', { size: 288, crop: 0.95, testSize: 320, testCrop: 1.0 }],
  [
    'seresnextaa101d_32x8d',
    'ah_in1k',
    { crop: 0.95, testSize: 288, testCrop: 1.0, file: 'rw:v0.1-tpu-weights/seresnextaa101d_32x8d_ah-83c8ae12.pth' },
  ],
  ['seresnextaa101d_32x8d', 'sw_in12k', { classes: 11821, crop: 0.95, testSize: 288, testCrop: 1.0 }],
  ['seresnextaa101d_32x8d', 'sw_in12k_ft_in1k', { testSize: 288, testCrop: 1.0 }],
  ['test_resnet', 'r160_in1k', { size: 160, crop: 0.95, interpolation: 'bilinear', half: true }],
  [
    'wide_resnet50_2',
    'racm_in1k',
    { testSize: 288, testCrop: 0.95, file: 'rw:v0.1-weights/wide_resnet50_racm-8234f177.pth' },
  ],
  [
    'wide_resnet50_2',
    'tv2_in1k',
    {
      size: 176,
      testSize: 224,
      testCrop: 0.965,
      interpolation: 'bilinear',
      license: 'bsd-3-clause',
      file: 'torch:wide_resnet50_2-9ba9bcbe.pth',
    },
  ],
  [
    'wide_resnet50_2',
    'tv_in1k',
    { interpolation: 'bilinear', license: 'bsd-3-clause', file: 'torch:wide_resnet50_2-95faca4d.pth' },
  ],
  [
    'wide_resnet101_2',
    'tv_in1k',
    { interpolation: 'bilinear', license: 'bsd-3-clause', file: 'torch:wide_resnet101_2-32ee1156.pth' },
  ],
  [
    'wide_resnet101_2',
    'tv2_in1k',
    {
      size: 176,
      testSize: 224,
      testCrop: 0.965,
      interpolation: 'bilinear',
      license: 'bsd-3-clause',
      file: 'torch:wide_resnet101_2-d733dc28.pth',
    },
  ],
]

export type TimmRow = readonly [architecture: string, tag: string, differences?: TimmDifferences]

export interface TimmDifferences {
  readonly classes?: number
  readonly size?: number
  readonly crop?: number
  readonly testSize?: number
  readonly testCrop?: number
  readonly interpolation?: 'bilinear'
  /** Mean and deviation are 0.5. */
  readonly half?: boolean
  readonly license?: string
  /** A key of `releases`, a colon, and what follows that address. */
  readonly file?: string
}

/** Where checkpoints were published before they came to the hub. */
export const releases: Readonly<Record<string, string>> = {
  hf: 'https://github.com/huggingface/pytorch-image-models/releases/download/',
  rw: 'https://github.com/rwightman/pytorch-image-models/releases/download/',
  gluon: 'https://github.com/rwightman/pytorch-pretrained-gluonresnet/releases/download/v0.1/',
  torch: 'https://download.pytorch.org/models/',
  fb: 'https://dl.fbaipublicfiles.com/semiweaksupervision/model_files/',
}
