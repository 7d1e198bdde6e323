//! Answers to the tables of phones, without pages: which steps count, each of them once, and the same work for everybody.

use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;

use super::*;
use crate::approval::testing::Phone;
use crate::core::testing::TestCore;
use crate::factor::matrix::table::Table;
use crate::login_protect::LoginProtect;
use crate::seal::MasterKeys;

const OWN: &str = "A1 L4 C2 \"kX\" G3 J1 E4";

/// A core where a user has a pattern and a phone with a seed.
struct World {
    at: TestCore,
    phone: ApproverId,
    seed: Zeroizing<[u8; SEED]>,
}

/// What somebody types who reads the pattern off this table.
fn read_off(table: &Table) -> SecretString {
    let shape = table.shape();
    let cell = |name: &str| char::from(b'0' + table.digit(shape.cell(name).unwrap()).unwrap());
    let typed: String = OWN
        .split(' ')
        .map(|part| {
            part.strip_prefix('"').map_or_else(|| cell(part).to_string(), |phrase| phrase.trim_end_matches('"').to_owned())
        })
        .collect();
    typed.into()
}

impl World {
    async fn new() -> Self {
        let at = TestCore::open().await;
        at.user("alice").await;
        let world = Self { at, phone: Phone::new().key.id(), seed: Zeroizing::new([0; SEED]) };
        let matrices = world.at.core.matrices();
        matrices.issue(&world.alice()).await.unwrap();
        let pattern = CellPattern::parse(TableShape::default(), OWN).unwrap();
        let initial = matrices.state(&world.alice().user).await.unwrap().unwrap().id;
        let _nobody_goes_on = matrices.set(&world.alice().user, &pattern, initial).await.unwrap().unwrap();
        let (phone, seed) = world.phone().await;
        Self { phone, seed, ..world }
    }

    fn alice(&self) -> Arc<UserStanding> {
        arc_swap::Guard::into_inner(self.at.core.users().find(&UserId::parse("alice").unwrap()).unwrap().standing())
    }

    async fn phone(&self) -> (ApproverId, Zeroizing<[u8; SEED]>) {
        let phone = Phone::registered(&self.at.core, "alice").await.key.id();
        let drawn = self.tokens().draw(&phone, &self.alice().user).await.unwrap().unwrap();
        (phone, drawn.seed)
    }

    fn tokens(&self) -> &TokenMatrices {
        self.at.core.token_matrices()
    }

    fn step(&self) -> i64 {
        derivation::step_at(self.at.core.clock().now().seconds())
    }

    fn answer(&self, step: i64) -> SecretString {
        read_off(&derivation::table(&self.seed, step, TableShape::default()))
    }

    async fn verify(&self, answer: &SecretString) -> Result<RightAnswer, MatrixError> {
        self.tokens().verify(&self.alice(), answer, LoginProtect::within_a_session()).await
    }
}

#[tokio::test]
async fn the_tables_of_this_step_and_its_neighbours_count_and_each_once_r_108() {
    let world = World::new().await;
    let step = world.step();
    for far in [-2, 2, -20, 20] {
        assert!(matches!(world.verify(&world.answer(step + far)).await, Err(MatrixError::Wrong)), "{far}");
    }
    let right = world.verify(&world.answer(step - 1)).await.unwrap();
    assert_eq!((right.must_set, right.proof.method()), (None, Method::TokenMatrix));
    assert!(matches!(world.verify(&world.answer(step - 1)).await, Err(MatrixError::Used)));
    assert!(world.verify(&world.answer(step + 1)).await.is_ok());
    assert!(matches!(world.verify(&world.answer(step)).await, Err(MatrixError::Used)), "a step before one that was accepted");
    world.at.clock.advance(Duration::from_secs(60));
    assert!(world.verify(&world.answer(world.step())).await.is_ok());
}

#[tokio::test]
async fn of_any_number_of_answers_at_once_one_wins_and_a_restart_brings_no_step_back() {
    let world = World::new().await;
    let answer = world.answer(world.step());
    let verified = futures_util::future::join_all((0..32).map(|_| world.verify(&answer))).await;
    assert_eq!(verified.iter().filter(|one| one.is_ok()).count(), 1);
    assert!(verified.iter().all(|one| matches!(one, Ok(_) | Err(MatrixError::Used))));
    let World { at, phone, seed } = world;
    let world = World { at: at.crash_and_restart().await, phone, seed };
    assert!(matches!(world.verify(&answer).await, Err(MatrixError::Used)), "it was durable");
}

#[tokio::test]
async fn each_phone_has_tables_of_its_own_and_a_seed_that_is_drawn_again_ends_the_one_before() {
    let mut world = World::new().await;
    let other = world.phone().await;
    assert_ne!(world.seed, other.1);
    let first = world.verify(&world.answer(world.step())).await.unwrap();
    let theirs = read_off(&derivation::table(&other.1, world.step(), TableShape::default()));
    let second = world.verify(&theirs).await.unwrap();
    assert_ne!(first.proof.credential(), second.proof.credential(), "evidence names the phone");
    // What was proved stands as long as both the pattern and the phone do.
    let user = world.alice().user.clone();
    let stands = async |credential| world.tokens().proved(&user, Method::TokenMatrix, credential).await.unwrap().is_some();
    assert!(stands(first.proof.credential()).await && stands(second.proof.credential()).await);
    world.at.core.remove_approver(&user, &other.0, None).await.unwrap();
    assert!(stands(first.proof.credential()).await && !stands(second.proof.credential()).await);
    let gone = read_off(&derivation::table(&other.1, world.step() + 1, TableShape::default()));
    assert!(matches!(world.verify(&gone).await, Err(MatrixError::Wrong)), "the seed went with the phone");
    assert!(world.tokens().draw(&other.0, &user).await.unwrap().is_none(), "and none is drawn for it");

    let former = world.answer(world.step() + 1);
    let id = world.tokens().seed_of(&world.phone, &user).await.unwrap();
    world.seed = world.tokens().draw(&world.phone, &user).await.unwrap().unwrap().seed;
    assert_ne!(world.tokens().seed_of(&world.phone, &user).await.unwrap(), id);
    assert!(matches!(world.verify(&former).await, Err(MatrixError::Wrong)));
    assert!(world.verify(&world.answer(world.step() + 1)).await.is_ok());
}

#[tokio::test]
async fn a_user_who_is_suspended_or_assigned_otherwise_has_no_tables() {
    let world = World::new().await;
    let user = world.alice().user.clone();
    let approvers = &world.at.core.approvals().approvers;
    approvers.set_suspended(&user, true).await.unwrap();
    assert!(matches!(world.verify(&world.answer(world.step())).await, Err(MatrixError::Wrong)));
    approvers.set_suspended(&user, false).await.unwrap();
    assert!(world.verify(&world.answer(world.step())).await.is_ok());
    world.at.core.assign(&user, crate::principal::method::Methods::of(&[Method::Matrix])).await.unwrap();
    assert_eq!(world.tokens().seed_of(&world.phone, &user).await.unwrap(), None, "the seed is forgotten");
    assert!(matches!(world.verify(&world.answer(world.step() + 1)).await, Err(MatrixError::Wrong)));
}

#[tokio::test]
async fn an_initial_pattern_leads_to_an_own_one_and_evidence_follows_it_r_309() {
    let world = World::new().await;
    let user = world.alice().user.clone();
    let issued = world.at.core.matrices().issue(&world.alice()).await.unwrap();
    let table = derivation::table(&world.seed, world.step(), TableShape::default());
    let typed: String = issued.pattern.cells().map(|cell| char::from(b'0' + table.digit(cell).unwrap())).collect();
    let right = world.verify(&typed.into()).await.unwrap();
    assert_eq!(right.must_set, Some(super::super::matrix::MustSet::Initial));
    let former = right.proof.credential();
    let proved = world.tokens().proved(&user, Method::TokenMatrix, former).await.unwrap().unwrap();
    assert!(proved.state().initial);
    let own = CellPattern::parse(TableShape::default(), OWN).unwrap();
    let successor = world.tokens().set(&user, &own, &proved).await.unwrap().unwrap();
    let present = successor.of(Method::TokenMatrix, former).unwrap();
    assert_eq!(successor.of(Method::Matrix, former), None);
    assert!(world.tokens().proved(&user, Method::TokenMatrix, present).await.unwrap().is_some());
    assert!(world.tokens().proved(&user, Method::TokenMatrix, former).await.unwrap().is_none());
    assert!(world.tokens().set(&user, &own, &proved).await.unwrap().is_none(), "the first who sets one has it");
    // Too old: the answer is used up all the same.
    world.at.core.matrices().issue(&world.alice()).await.unwrap();
    world.at.clock.advance(Duration::from_secs(15 * 86_400));
    let issued = world.at.core.matrices().pattern_of(Some(&user)).await.unwrap().1;
    let table = derivation::table(&world.seed, world.step(), TableShape::default());
    let typed: SecretString = issued.cells().map(|cell| char::from(b'0' + table.digit(cell).unwrap())).collect::<String>().into();
    assert!(matches!(world.verify(&typed).await, Err(MatrixError::Expired)));
    assert!(matches!(world.verify(&typed).await, Err(MatrixError::Used)));
}

#[tokio::test]
async fn seeds_are_sealed_for_their_own_place_and_open_after_a_rotation() {
    let world = World::new().await;
    let row = world.at.core.database().row("SELECT seed FROM token_seeds", &[]).await.unwrap().unwrap();
    let sealed = row.bytes("seed").unwrap();
    let user = world.alice().user.clone();
    assert!(!sealed.windows(8).any(|part| world.seed.windows(8).any(|own| own == part)));
    let keys = world.at.core.keys();
    assert_eq!(keys.open(&place(&world.phone, &user), &sealed).unwrap().as_slice(), world.seed.as_slice());
    assert!(keys.open(&place(&world.phone, &UserId::parse("bob").unwrap()), &sealed).is_err());
    assert!(keys.open(&format!("totp/{user}"), &sealed).is_err(), "a key of its own purpose");
    // A rotation: another key seals from now on, and the one before opens what it sealed.
    let master = std::fs::read_to_string(world.at.folder.path().join("state/master.key")).unwrap();
    let former = data_encoding::HEXLOWER_PERMISSIVE.decode(master.trim().as_bytes()).unwrap();
    let mut rotated = MasterKeys::new(&[7; 32]).unwrap();
    rotated.add(&former).unwrap();
    let core = &world.at.core;
    let (database, clock, random) = (core.database().clone(), Arc::clone(core.clock()), Arc::clone(core.random()));
    let shared = Arc::clone(core.shared());
    let keys = Arc::new(rotated);
    let policy = super::super::matrix::MatrixPolicy::compile(&crate::config::schema::MatrixSection::default()).unwrap();
    let matrices = Matrices::new(database.clone(), Arc::clone(&keys), &shared, policy, Arc::clone(&clock), Arc::clone(&random));
    let tokens = TokenMatrices::new(Arc::new(matrices), database, keys, 3, clock, random);
    let answer = world.answer(world.step());
    assert!(tokens.verify(&world.alice(), &answer, LoginProtect::within_a_session()).await.is_ok());
}

#[tokio::test]
async fn nobody_is_right_by_the_dummies_and_nothing_secret_is_written() {
    let world = World::new().await;
    let bob = world.at.user("bob").await;
    // Neither a user without a pattern and without a phone, nor what the dummies would say.
    let nobodys = world.tokens().opened(None, None).unwrap();
    let table = derivation::table(&nobodys, world.step(), TableShape::default());
    let dummy: SecretString = (0..4).map(|cell| char::from(b'0' + table.digit(cell).unwrap())).collect::<String>().into();
    for answer in [&dummy, &world.answer(world.step())] {
        let verified = world.tokens().verify(&bob.standing(), answer, LoginProtect::within_a_session()).await;
        assert!(matches!(verified, Err(MatrixError::Wrong)));
        world.tokens().pretend(TableShape::default(), answer).await.unwrap();
    }
    // More phones than are allowed by now: each of them counts.
    world.tokens().configure(1);
    let (_, seed) = world.phone().await;
    let theirs = read_off(&derivation::table(&seed, world.step(), TableShape::default()));
    assert!(world.verify(&theirs).await.is_ok() && world.verify(&world.answer(world.step())).await.is_ok());
    let drawn = world.tokens().draw(&world.phone, &world.alice().user).await.unwrap().unwrap();
    let secret = crate::random::base64url(drawn.seed.as_slice());
    assert!(!format!("{drawn:?}{:?}", world.tokens()).contains(&secret[..8]));
}
