# A registrar's day with Net::EPP as Debian ships it: PORT CERT KEY CA USER PASSWORD CODE
use strict;
use warnings;
use Net::EPP::Simple;
use Net::EPP::Frame::Command::Create::Domain;

my ($port, $cert, $key, $ca, $user, $password, $name, $code) = @ARGV;
my $secret = 'k7Qw-mN42rX9pLs81tVbZ0';

sub check {
    my ($what, $holds) = @_;
    die "$what: $Net::EPP::Simple::Code $Net::EPP::Simple::Error\n" unless $holds;
    print "$what\n";
}

my $epp = Net::EPP::Simple->new(
    host => '127.0.0.1', port => $port, user => $user, pass => $password,
    cert => $cert, key => $key, verify => 1, ca_file => $ca, timeout => 20,
);
check('logged in', defined $epp);
check('ping', $epp->ping);
check('contact free', $epp->check_contact('perl-1') == 1);
check('contact created', $epp->create_contact({
    id => 'perl-1',
    postalInfo => { int => { name => 'Wang Jianguo', org => 'Tsinghua University', addr => {
        street => ['30 Shuangqing Road'], city => 'Beijing', sp => 'Beijing', pc => '100084', cc => 'CN' } } },
    voice => '+86.1062770334', fax => '', email => 'admin@example.cn', authInfo => $secret,
}));
check('contact read', $epp->contact_info('perl-1')->{email} eq 'admin@example.cn');
check('host free', $epp->check_host('ns1.example.icann') == 1);
check('host created', $epp->create_host({ name => 'ns1.example.icann', addrs => [] }));
check('domain free', $epp->check_domain('perl-name.zz--main-1234') == 1);
check('domain created', $epp->create_domain({
    name => 'perl-name.zz--main-1234', period => 2, registrant => 'perl-1',
    contacts => { admin => 'perl-1', tech => 'perl-1' }, ns => ['ns1.example.icann'], authInfo => $secret,
}));
my $info = $epp->domain_info('perl-name.zz--main-1234');
check('domain read', $info->{registrant} eq 'perl-1' && $info->{ns}->[0] eq 'ns1.example.icann');
check('domain taken', $epp->check_domain('perl-name.zz--main-1234') == 0);
check('domain updated', $epp->update_domain({ name => 'perl-name.zz--main-1234', add => { status => ['clientHold'] } }));
check('domain renewed', $epp->renew_domain({
    name => 'perl-name.zz--main-1234', cur_exp_date => substr($info->{exDate}, 0, 10), period => 1 }));

# The official name needs the proof of who the body is; Net::EPP knows no such extension, so the element is added by hand.
my $frame = Net::EPP::Frame::Command::Create::Domain->new;
$frame->setDomain($name);
$frame->setPeriod(1);
$frame->setRegistrant('perl-1');
$frame->setContacts({ admin => 'perl-1' });
$frame->setAuthInfo($secret);
my $extension = $frame->createElement('extension');
my $signed = $frame->createElement('verificationCode:encodedSignedCode');
$signed->setAttribute('xmlns:verificationCode', 'urn:ietf:params:xml:ns:verificationCode-1.0');
my $element = $frame->createElement('verificationCode:code');
$element->appendText($code);
$signed->appendChild($element);
$extension->appendChild($signed);
$frame->getCommandNode->parentNode->insertAfter($extension, $frame->getCommandNode);
my $answer = $epp->request($frame);
check('official name created', $answer->code == 1000);
check('official name read', $epp->domain_info($name)->{name} eq $name);

check('domain deleted', $epp->delete_domain('perl-name.zz--main-1234'));
check('host deleted', $epp->delete_host('ns1.example.icann'));
check('unknown domain', !defined $epp->domain_info('perl-name.zz--main-1234') && $Net::EPP::Simple::Code == 2303);
check('logged out', $epp->logout);
